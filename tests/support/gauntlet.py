"""A small server whom mallory writes to: whatever comes is offered to its inbox, and as a document that was fetched.

What it takes in is folded into views in which people, posts, a poll, follows and boosts are, and then forgotten again.
So any bytes can be tried, one after the other, thousands of them.
"""

import json as plain_json
from collections.abc import Iterator
from typing import Any

import msgspec
from psycopg import Connection

from fedi.activitypub.resolve.documents import id_of
from fedi.activitypub.vocabulary import json, values
from fedi.activitypub.vocabulary.documents import read_document
from fedi.effects.fetch import wishes_of
from fedi.errors import PeerError
from fedi.events import Event
from fedi.events.activities import DocumentFetched
from fedi.projections import generation
from fedi.projections.runner import prepare
from tests.support.documents import fixture, names
from tests.support.here import SITE
from tests.support.one_key import KNOWN, Target
from tests.support.saying import PUBLIC, Saying, note

BOB = SITE.actor("bob")
POST = SITE.status("bob", 11)
POLL = SITE.status("bob", 12)
EVE = "https://eve.example/users/eve"


class Gauntlet:
    """`run` offers bytes in both ways; what goes wrong is raised."""

    def __init__(self, connection: Connection[Any]) -> None:
        prepare(connection)
        generation.look_at(connection, generation.LIVE)
        self._connection = connection
        self._saying = Saying(connection)
        self.target = Target()
        self._begin()

    def __repr__(self) -> str:
        return "<a gauntlet>"

    def run(self, body: bytes) -> None:
        """Offer bytes to the inbox and as a fetched document; what is accepted must fold."""
        self.post(body)
        self.find(body)

    def post(self, body: bytes) -> int:
        """Return the inbox's answer to bytes that mallory signed, having folded and forgotten what it took in."""
        self.target.log.last = []
        status = self.target.post(body).status
        assert status in KNOWN, status
        if self.target.log.last:
            self._fold(*self.target.log.last)
        return status

    def find(self, body: bytes) -> str:
        """Return "kept" for a document that would be kept if it was found at its own id, else why it would not."""
        try:
            document = json.parse(body)
            url = id_of(document)
            read_document(document)
        except PeerError as error:
            return error.reason
        self._fold(DocumentFetched(document=msgspec.Raw(body), url=url))
        return "kept"

    def _fold(self, *events: Event) -> None:
        with self._connection.transaction(force_rollback=True):
            self._saying.say(*events)
            for said in self._saying.last:
                list(wishes_of(said))

    def _begin(self) -> None:
        say, mallory = self._saying, self.target.mallory
        say.signs_up(BOB, 1)
        say.fetched(mallory.document())
        say.arrives(EVE)
        bobs = {**note(BOB, 1), "id": POST}
        say.published(BOB, "Create", bobs, status_id=11, to=[PUBLIC])
        ends = {"endTime": "2199-01-01T00:00:00Z", "oneOf": [_option("yes"), _option("no")]}
        say.published(BOB, "Create", {**note(BOB, 2), "id": POLL, "type": "Question", **ends}, status_id=12)
        say.published(BOB, "Follow", mallory.id, id=f"{BOB}#follow")
        say.received(mallory.id, "Accept", f"{BOB}#follow")
        say.received(mallory.id, "Follow", BOB, id=f"{mallory.id}/follow")
        say.received(mallory.id, "Create", note(mallory.id, 1))
        say.received(mallory.id, "Create", {**note(mallory.id, 2), "type": "Question", **ends})
        say.received(mallory.id, "Announce", POST, id=f"{mallory.id}/boost", to=[PUBLIC])
        say.received(EVE, "Create", note(EVE, 1))


def seeds() -> Iterator[tuple[str, bytes]]:
    """Yield documents to begin from: everything of the fixtures, as mallory would say it, and about what is there."""
    mallory = Target().mallory
    for name in names():
        document = fixture(name)
        text = plain_json.dumps(document)
        speaker = values.id_of(document.get("actor") or document.get("attributedTo") or document["id"])
        text = text.replace(speaker, mallory.id).replace(values.origin(speaker), mallory.remote.origin)
        yield name, text.encode()
        target = values.id_of(document.get("object"))
        for number, known in enumerate((BOB, POST, POLL, f"{mallory.id}/notes/1")):
            if target:
                yield f"{name}_{number}", _aimed(text, known)


def _aimed(text: str, uri: str) -> bytes:
    return plain_json.dumps({**plain_json.loads(text), "object": uri}).encode()


def _option(name: str) -> dict[str, Any]:
    return {"type": "Note", "name": name, "replies": {"type": "Collection", "totalItems": 0}}
