"""Every document of real servers goes the whole way, from its bytes to the views, and none of them stops anything.

So do the fixtures, which are like them, for whoever has no corpus.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import msgspec

from fedi.activitypub.vocabulary import json as gate
from fedi.activitypub.vocabulary import kinds, values
from fedi.activitypub.vocabulary.claims import Posted
from fedi.errors import PeerError
from fedi.events import Event
from fedi.events.activities import ActivityReceived, DocumentFetched
from fedi.facts.statuses import StatusPublished
from fedi.meaning.understanding import understand
from tests.support.documents import everything
from tests.support.saying import START, Saying, actor

Rows = Callable[[str], list[tuple[Any, ...]]]
AT_ONCE = 100


@cache
def documents() -> dict[str, dict[str, Any]]:
    """Return what passes the gate, by its name: most of it does."""
    found = {}
    for name, data in everything().items():
        try:
            found[name] = gate.parse(data)
        except PeerError:
            continue
    return found


def event_of(document: dict[str, Any]) -> Event:
    """Return a document as it would stand in the log: an activity as received, anything else as fetched."""
    raw = msgspec.Raw(json.dumps(document).encode())
    speaker = values.id_of(document.get("actor"))
    if speaker and kinds.ACTIVITIES.intersection(values.types(document)):
        return ActivityReceived(document=raw, actor=speaker, key=f"{speaker}#key", signed_at=START, digest="0")
    return DocumentFetched(document=raw, url=values.uri(document.get("id")) or "https://nowhere.example/")


def speakers(document: Any) -> Iterator[str]:
    """Yield whoever says something anywhere in a document."""
    if isinstance(document, list):
        for each in document:
            yield from speakers(each)
    elif isinstance(document, dict):
        yield from values.ids_of([document.get("actor"), *values.members(document.get("attributedTo"))], 20)
        yield from speakers(list(document.values()))


def test_most_documents_pass_the_gate() -> None:
    assert len(documents()) > 0.9 * len(everything())


def ends_something(document: dict[str, Any]) -> bool:
    return not {"Delete", "Undo", "Tombstone"}.isdisjoint(values.types(document))


def test_every_document_is_read_and_folded_and_no_post_is_lost(saying: Saying, rows: Rows) -> None:
    said = sorted(documents().values(), key=ends_something)
    known = dict.fromkeys(uri for document in said for uri in speakers(document))
    met = [event_of(actor(uri, preferredUsername="somebody")) for uri in known]
    events = [*met, *map(event_of, said)]
    facts: Counter[str] = Counter()
    claimed: set[str] = set()
    published: set[str] = set()
    for first in range(0, len(events), AT_ONCE):
        told = saying.say(*events[first : first + AT_ONCE])
        facts.update(saying.facts(told))
        published |= {entry.fact.post.uri for entry in told if isinstance(entry.fact, StatusPublished)}
        for event in saying.last:
            claimed |= {claim.post.uri for claim in understand(event.recorded).claims if isinstance(claim, Posted)}
    assert claimed <= published  # what is edited before it came is published too
    assert len(published) > 0.14 * len(said)  # many are collections, answers and likes
    assert facts["AccountChanged"] > len(known)
    for name in ("StatusBoosted", "StatusDeleted", "StatusEdited", "PinsListed", "AccountMoved", "AccountDeleted"):
        assert facts[name] > 0, name
    bare = "content = '' AND spoiler_text = '' AND attachments::text = '[]' AND boost_of_id IS NULL"
    assert rows(f"SELECT count(*) <= 2 FROM statuses WHERE {bare}") == [(True,)]
