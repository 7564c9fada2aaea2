import contextlib
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import UploadFile

from fedi.api.params import ParameterError, decoder
from fedi.errors import NotFoundError


class PollParams(msgspec.Struct, frozen=True, kw_only=True):
    options: list[str]
    multiple: bool = False


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    id: int | None = None
    text: str = "default"
    note: str | None = None
    limit: int = 20
    flag: bool = False
    maybe: bool | None = None
    unset: bool | msgspec.UnsetType | None = msgspec.UNSET
    ids: list[int] = []
    types: list[str] = []
    poll: PollParams | None = None
    polls: list[PollParams] = []
    visibility: Literal["public", "private"] | None = None
    at: datetime | None = None
    short: Annotated[str, msgspec.Meta(max_length=3)] = ""
    focus: float | None = None
    meta: dict[str, Any] = {}


WANTED = decoder(Wanted)


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        ({}, Wanted()),
        ({"unknown": "x", "text": ""}, Wanted(text="")),
        ({"limit": "", "flag": "", "text": None}, Wanted()),
        ({"limit": " 7 ", "flag": "on", "maybe": "F"}, Wanted(limit=7, flag=True, maybe=False)),
        ({"limit": 7, "flag": 1, "maybe": False}, Wanted(limit=7, flag=True, maybe=False)),
        ({"maybe": "", "note": ""}, Wanted(maybe=None, note="")),
        ({"unset": None}, Wanted(unset=None)),
        ({"ids": "3", "types": ["a", "b"]}, Wanted(ids=[3], types=["a", "b"])),
        ({"ids": ["3", 4, ""], "types": ""}, Wanted(ids=[3, 4])),
        ({"ids": {"1": "9", "0": "8"}}, Wanted(ids=[8, 9])),
        ({"text": 12, "note": True}, Wanted(text="12", note="true")),
        ({"poll": {"options": "a", "multiple": "t"}}, Wanted(poll=PollParams(options=["a"], multiple=True))),
        ({"polls": {"0": {"options": ["x"]}}}, Wanted(polls=[PollParams(options=["x"])])),
        ({"visibility": "private", "focus": "0.5"}, Wanted(visibility="private", focus=0.5)),
        ({"visibility": ""}, Wanted()),
        ({"at": "2026-01-02T03:04:05.000Z"}, Wanted(at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))),
        ({"meta": {"any": ["thing"]}}, Wanted(meta={"any": ["thing"]})),
    ],
)
def test_values_are_taken_as_leniently_as_rails_takes_them(tree: dict[str, Any], expected: Wanted) -> None:
    assert WANTED.decode(tree, {}) == expected


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        ({"limit": "many"}, "Validation failed: limit must be a whole number"),
        ({"limit": str(2**63)}, "Validation failed: limit must be a whole number"),
        ({"limit": True}, "Validation failed: limit must be a whole number"),
        ({"flag": "maybe"}, "Validation failed: flag must be true or false"),
        ({"text": {"a": "b"}}, "Validation failed: text must be text"),
        ({"text": "a\0b"}, "Validation failed: text contains characters that cannot be stored"),
        ({"types": ["\ud800"]}, "Validation failed: types contains characters that cannot be stored"),
        ({"ids": {"9" * 5000: "1"}}, "Validation failed: ids must be a whole number"),
        ({"poll": {}}, "Validation failed: poll.options can't be blank"),
        ({"poll": "x"}, "Validation failed: poll must have named parts"),
        ({"visibility": "loud"}, "Validation failed: visibility invalid enum value 'loud'"),
        ({"short": "long"}, "Validation failed: short expected `str` of length <= 3"),
        ({"focus": "far"}, "Validation failed: focus must be a number"),
    ],
)
def test_what_does_not_fit_is_named(tree: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError) as refusal:
        WANTED.decode(tree, {})
    assert str(refusal.value) == message
    assert refusal.value.status == 422


def test_path_wins_and_an_id_that_is_no_number_is_not_found() -> None:
    assert WANTED.decode({"id": "1"}, {"id": "2"}).id == 2
    for identifier in ("abc", str(2**64)):
        with pytest.raises(NotFoundError):
            WANTED.decode({}, {"id": identifier})


def test_uploads_are_expected_only_where_there_is_room_for_them() -> None:
    class WithFile(msgspec.Struct):
        avatar: UploadFile | None = None

    assert decoder(WithFile).uploads
    assert not WANTED.uploads


LEAF = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4)
TREE = st.recursive(
    LEAF, lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=2), below, max_size=3)
)


@given(st.dictionaries(st.sampled_from(Wanted.__struct_fields__), TREE))
def test_any_tree_fits_or_is_refused(tree: dict[str, Any]) -> None:
    with contextlib.suppress(ParameterError):
        WANTED.decode(tree, {})
