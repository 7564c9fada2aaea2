"""The quick reading of activities: nearly all are read by it, and it never says anything that the other does not."""

import copy
import json
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fedi.activitypub.vocabulary.activities import read_activity
from fedi.activitypub.vocabulary.authority import actor_of
from fedi.activitypub.vocabulary.stubs import found_by
from fedi.activitypub.vocabulary.usual import read_usual
from fedi.activitypub.vocabulary.visibility import PUBLIC
from fedi.errors import PeerError
from tests.support.documents import everything, fixture
from tests.support.twisting import KEYS

ADA, BOB = "https://mastodon.test/users/ada", "https://here.test/users/bob"
LANGUAGES = ("en", "id", "actor", "de-AT")
TEXTS = (
    *("", " ", "\0", "\u202e", "Note", "Tombstone", "Follow", "@bob", "#Cats", "#1", ":blob:", "en", "id", "actor"),
    *(
        ADA,
        f"{ADA}/",
        f"{ADA}#x",
        f"{ADA}?x=ü",
        ADA.upper(),
        ADA.replace("ada", "ada "),
        f"{ADA}/\\x",
        f"{ADA}/{'x' * 2000}",
    ),
    *(BOB, "https://mastodon.test", "https://mastodon.test.evil.test/x", "https://MASTODON.test/y", "mastodon.test/z"),
    *("http://mastodon.test/users/ada", "https://mastodon.test:443/users/ada", "https://[::1]/", "https://127.1/"),
    *(PUBLIC, "as:Public", "Public", "2026-01-01T00:00:00+02:00", "1969-01-01T00:00:00Z", "2024-02-30", "24050607"),
    *("<p>Hello</p>", "tag:mastodon.test,2024:objectId=5", "image/jpeg", "https://media.test/1.jpg"),
)
VALUES = (
    st.sampled_from(TEXTS)
    | st.none()
    | st.booleans()
    | st.sampled_from([0, -1, 3, 2**31, 2**64, 1e30, 0.5])
    | st.lists(st.sampled_from(TEXTS), max_size=5)
    | st.lists(st.integers(0, 80).map(lambda number: {"type": "Hashtag", "name": f"#t{number}"}), max_size=60)
    | st.dictionaries(
        st.sampled_from([*KEYS, *LANGUAGES, "@context", "erased", "rel"]), st.sampled_from(TEXTS), max_size=3
    )
)


def act(kind: str, target: object = BOB, **more: object) -> dict[str, Any]:
    return {
        "@context": ["https://www.w3.org/ns/activitystreams"],
        "id": f"{ADA}/acts/1",
        "type": kind,
        "actor": ADA,
    } | {
        "object": target,
        **more,
    }


def note(**more: object) -> dict[str, Any]:
    """Return a note that has all that Mastodon's have."""
    said: dict[str, Any] = fixture("mastodon_create_note")
    return said | {"object": said["object"] | more}


def usual() -> Iterator[dict[str, Any]]:
    """Yield activities, each of which is to be read quickly."""
    for name in ("create_note", "update_note", "announce", "accept_follow", "delete", "undo_follow"):
        yield fixture(f"mastodon_{name}")
    yield from (act(kind) for kind in ("Like", "Follow", "Block", "Announce"))
    yield act("Delete", f"{ADA}/statuses/1")
    yield act("Delete", {"id": f"{ADA}/statuses/1", "type": "Tombstone"})
    yield act("Reject", {"id": f"{BOB}#follows/1", "type": "Follow", "actor": BOB, "object": ADA})
    yield from (act("Undo", act(kind, to=[PUBLIC])) for kind in ("Like", "Announce", "Block"))
    blob = {
        "type": "Emoji",
        "id": f"{ADA}/1",
        "name": ":blob:",
        "icon": {"type": "Image", "url": "https://m.test/1.png"},
    }
    policy = {"canQuote": {"automaticApproval": [PUBLIC], "manualApproval": [f"{ADA}/followers"]}}
    yield note(tag=[blob, blob], summary="Mind", sensitive=True, interactionPolicy=policy, context=f"{ADA}/contexts/1")
    yield note(to=[], cc=[], contentMap={"de": "", "en": "<p>Hello</p>"}, updated="2024-06-01T00:00:00Z")


USUAL = tuple(usual())


def places(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return where anything stands in a document."""
    entries = (
        document.items() if isinstance(document, dict) else enumerate(document if isinstance(document, list) else ())
    )
    return [place for key, value in entries for place in ((*path, key), *places(value, (*path, key)))]


def twisted(document: dict[str, Any], data: st.DataObject) -> dict[str, Any]:
    """Return a document in which something else stands somewhere, or nothing, or something more."""
    document = copy.deepcopy(document)
    *path, last = data.draw(st.sampled_from(places(document)))
    target: Any = document
    for key in path:
        target = target[key]
    if isinstance(target, dict) and data.draw(st.booleans()):
        last = data.draw(st.sampled_from([*target, *KEYS, *LANGUAGES, "@context", "signature", "erased", "rel"]))
    if data.draw(st.integers(0, 4)):
        target[last] = data.draw(VALUES | st.sampled_from(USUAL))
    elif last in target:
        del target[last]
    return document


def agree(document: dict[str, Any], data: bytes = b"") -> bool:
    """See that the quick reading says what the other says, or nothing; tell whether it said anything."""
    data = data or json.dumps(document).encode()
    quick = read_usual(data)
    if quick is None:
        return False
    read = msgspec.json.decode(data)
    assert quick.claims == read_activity(read)
    assert [type(claim) for claim in quick.claims] == [type(claim) for claim in read_activity(read)]
    assert quick.actor == actor_of(read)
    assert (set(quick.words), len(quick.words)) == (set(found_by(read)), len(found_by(read)))
    return True


@pytest.mark.parametrize("document", USUAL, ids=lambda document: str(document["type"]))
def test_what_nearly_all_are_is_read_quickly(document: dict[str, Any]) -> None:
    assert agree(document)


def test_documents_of_real_servers_mean_the_same() -> None:
    quick = 0
    for data in everything().values():
        try:
            document = json.loads(data)
        except ValueError:
            continue
        if isinstance(document, dict):
            quick += agree(document, data)
    assert quick >= 6


@settings(max_examples=1500, deadline=None)
@given(st.data())
def test_whatever_is_changed_in_them_they_mean_the_same(data: st.DataObject) -> None:
    document = data.draw(st.sampled_from(USUAL))
    for _ in range(data.draw(st.integers(1, 3))):
        document = twisted(document, data)
    try:
        agree(document)
    except PeerError as error:
        pytest.fail(f"what is to be refused was read: {error}")


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(USUAL), st.sampled_from(["id", "type", "actor", "object"]), st.sampled_from(TEXTS))
def test_what_stands_twice_is_read_alike(document: dict[str, Any], name: str, text: str) -> None:
    """The gate refuses such documents today; the log may hold what was let in before."""
    written = json.dumps(document)
    for twice in (f'{{"{name}": {json.dumps(text)}, {written[1:]}', f'{written[:-1]}, "{name}": {json.dumps(text)}}}'):
        try:
            agree({}, twice.encode())
        except PeerError as error:
            pytest.fail(f"what is to be refused was read: {error}")


@pytest.mark.parametrize("other", ["https://other.test/notes/1", f"{ADA}/ü", "", "https://mastodon.test.evil.test/1"])
@pytest.mark.parametrize("field", ["id", "attributedTo"])
def test_nobody_speaks_for_others_because_it_is_quick(field: str, other: str) -> None:
    assert read_usual(json.dumps(note(**{field: other})).encode()) is None


@pytest.mark.parametrize(
    "odd",
    [
        note(contentMap={"id": f"{ADA}/statuses/9"}),
        note(id=ADA),
        note(attachment=[{"type": "Image", "mediaType": "image/png", "url": "https://media.test/1.png"}] * 17),
        act("Undo", act("Like") | {"actor": BOB}),
    ],
)
def test_what_means_more_than_it_seems_is_left_to_the_other(odd: dict[str, Any]) -> None:
    """A text in Indonesian, which stands under "id" and may be an address; a post that is its own author, or has more
    files than are read; an act that is somebody else's."""
    assert read_usual(json.dumps(odd).encode()) is None


@pytest.mark.parametrize(
    "hostile",
    [
        lambda number: act("Like") | {"actor": f"{ADA}{number}/" + "x" * 100_000},
        lambda number: act("Announce", to=[""] * (100_000 + number)),
    ],
)
def test_nothing_large_that_a_stranger_sends_is_kept(hostile: Callable[[int], dict[str, Any]]) -> None:
    documents = [json.dumps(hostile(number)).encode() for number in range(20)]
    tracemalloc.start()
    try:
        read_usual(documents[0])
        before, _ = tracemalloc.get_traced_memory()
        for document in documents:
            read_usual(document)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 100_000
