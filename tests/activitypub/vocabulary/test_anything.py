"""The one invariant of reading: a value, or a `PeerError` with status 400 and a known reason; nothing else, ever."""

import json
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fedi.activitypub.vocabulary.activities import read_activity
from fedi.activitypub.vocabulary.claims import Claim
from fedi.activitypub.vocabulary.documents import read_document
from fedi.errors import PeerError
from tests.support.documents import everything, fixture, names

REFUSALS = [(400, "malformed"), (400, "not_owner")]
TEXTS = st.text(max_size=12) | st.sampled_from(
    [
        "https://mastodon.test/users/ada",
        "https://[::1",
        "http://a:99999999/",
        "9999-12-31T23:59:59+14:00",
        "Note",
        "\0\u202e",
        "PT9M",
    ]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["id", "type", "href", "url", "name", "icon", "totalItems"]) | TEXTS, inner, max_size=4
        )
    ),
    max_leaves=8,
)


def places(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of everything that stands anywhere in a document."""
    found = [path] if path else []
    entries = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    for key, value in entries:
        found += places(value, (*path, key))
    return found


def replaced(document: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    target: Any = document
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    return document


def outcome(read: Callable[[dict[str, Any]], object], document: dict[str, Any]) -> object:
    try:
        return read(document)
    except PeerError as error:
        return error.status, error.reason


def check(document: dict[str, Any]) -> None:
    claimed = outcome(read_activity, document)
    assert claimed in REFUSALS or (isinstance(claimed, tuple) and all(isinstance(claim, Claim) for claim in claimed))
    found = outcome(read_document, document)
    assert found in REFUSALS or found is None or isinstance(found, Claim)


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_any_part_of_a_document_may_be_anything(data: st.DataObject) -> None:
    document = fixture(data.draw(st.sampled_from(names())))
    path = data.draw(st.sampled_from(places(document)))
    check(replaced(document, path, data.draw(JSON)))


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(["type", "id", "actor", "object", "tag", "to"]), JSON))
def test_any_document_at_all(document: dict[str, Any]) -> None:
    check(document)


def test_real_documents_are_understood() -> None:
    """Most are: the rest are collections, and what means nothing here."""
    understood, read = 0, [json.loads(data) for data in everything().values()]
    documents = [each for each in read if isinstance(each, dict)]
    for document in documents:
        check(document)
        try:
            understood += bool(read_activity(document) or read_document(document))
        except PeerError:
            continue
    assert understood > len(documents) / 2
