import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedi.api.body import parse_query
from fedi.api.forms import BadRequestError, nest


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("status=hi&language=", {"status": "hi", "language": ""}),
        ("media_ids[]=1&media_ids[]=2", {"media_ids": ["1", "2"]}),
        ("media_ids%5B%5D=1", {"media_ids": ["1"]}),
        ("id[][]=1&id[][]=2", {"id": ["1", "2"]}),
        (
            "poll[options][]=a&poll[options][]=b&poll[expires_in]=60",
            {"poll": {"options": ["a", "b"], "expires_in": "60"}},
        ),
        (
            "fields_attributes[0][name]=n&fields_attributes[0][value]=v",
            {"fields_attributes": {"0": {"name": "n", "value": "v"}}},
        ),
        ("f[][name]=a&f[][value]=1&f[][name]=b", {"f": [{"name": "a", "value": "1"}, {"name": "b"}]}),
        ("data[alerts][mention]=true", {"data": {"alerts": {"mention": "true"}}}),
        ("a=1&a=2", {"a": "2"}),
        ("status=h%C3%A9llo&x=héllo", {"status": "héllo", "x": "héllo"}),
        ("a[b=1", {"a[b": "1"}),
    ],
)
def test_rails_notation(query: str, tree: dict[str, Any]) -> None:
    assert nest(parse_query(query.encode())) == tree


@pytest.mark.parametrize(
    "query",
    ["a=1&a[b]=2", "a[b]=1&a=2", "a[]=1&a[b]=2", "a[b]=1&a[]=2", "a" + "[b]" * 8 + "=1", "a=%ff", "a=1&" * 1001],
)
def test_contradictions_depth_and_bad_bytes_are_refused(query: str) -> None:
    with pytest.raises(BadRequestError):
        nest(parse_query(query.encode()))


@given(st.lists(st.tuples(st.text(alphabet="ab[]", max_size=12), st.text(max_size=3)), max_size=8))
def test_any_pairs_make_a_tree_or_are_refused(pairs: list[tuple[str, str]]) -> None:
    with contextlib.suppress(BadRequestError):
        assert isinstance(nest(pairs), dict)


@given(st.binary(max_size=40))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    with contextlib.suppress(BadRequestError):
        parse_query(raw)
