"""Says activities to the fold, without a log: what neighbours send, in the order in which they send it."""

import itertools
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import msgspec
from psycopg import Connection

from fedi.events import Event, Recorded, name_of
from fedi.events.accounts import AccountCreated
from fedi.events.activities import ActivityPublished, ActivityReceived, DocumentFetched
from fedi.facts import Entry
from fedi.meaning.interpret import Interpretation, interpret
from fedi.meaning.references import References
from fedi.projections.catalogue import projections
from fedi.projections.fold import apply, lives

CONTEXT = "https://www.w3.org/ns/activitystreams"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
START = datetime(2026, 5, 1, tzinfo=UTC)


def actor(uri: str, **more: Any) -> dict[str, Any]:
    """Return an actor's document."""
    name = uri.rpartition("/")[2]
    document = {"@context": CONTEXT, "id": uri, "type": "Person", "preferredUsername": name, "inbox": f"{uri}/inbox"}
    return document | {"followers": f"{uri}/followers", "featured": f"{uri}/featured"} | more


def note(author: str, number: int, **more: Any) -> dict[str, Any]:
    """Return a public note."""
    uri = f"{author}/notes/{number}"
    made = {"id": uri, "type": "Note", "attributedTo": author, "content": f"<p>note {number}</p>"}
    published = (START + timedelta(minutes=number)).isoformat()
    return made | {"published": published, "to": [PUBLIC], "cc": [f"{author}/followers"]} | more


class Saying:
    """Everybody who speaks is introduced first; each thing said is folded at once."""

    def __init__(self, connection: Connection[Any]) -> None:
        self.connection = connection
        self._positions = itertools.count(1)
        self._ids = itertools.count(1)
        self.last: list[Interpretation] = []

    def arrives(self, uri: str, **more: Any) -> list[Entry]:
        """Let a remote actor's document be fetched."""
        return self.fetched(actor(uri, **more))

    def signs_up(self, uri: str, account_id: int, **more: Any) -> list[Entry]:
        """Let a local account be created."""
        document = msgspec.Raw(json.dumps(actor(uri, **more)).encode())
        return self.say(AccountCreated(account_id=account_id, username=uri.rpartition("/")[2], document=document))

    def fetched(self, document: dict[str, Any], handle: str = "") -> list[Entry]:
        """Let a document be fetched, of an actor with the handle that WebFinger confirmed."""
        raw = msgspec.Raw(json.dumps({"@context": CONTEXT, **document}).encode())
        return self.say(DocumentFetched(document=raw, url=document["id"], handle=handle))

    def received(self, sender: str, kind: str, obj: Any, **more: Any) -> list[Entry]:
        """Let a verified activity come in."""
        return self.say(self.delivery(sender, kind, obj, **more))

    def delivery(self, sender: str, kind: str, obj: Any, **more: Any) -> ActivityReceived:
        """Return a verified activity, to be said together with others."""
        activity = self.activity(sender, kind, obj, more)
        return ActivityReceived(document=activity, actor=sender, key=f"{sender}#key", signed_at=START, digest="0")

    def published(self, sender: str, kind: str, obj: Any, **more: Any) -> list[Entry]:
        """Let a local actor act."""
        status_id = more.pop("status_id", None)
        activity = self.activity(sender, kind, obj, more)
        return self.say(ActivityPublished(document=activity, account_id=1, status_id=status_id))

    def say(self, *events: Event) -> list[Entry]:
        """Fold some events as one batch; return the facts."""
        batch = [self._recorded(event) for event in events]
        with self.connection.transaction():
            cursor = self.connection.cursor()
            refs = References(cursor, batch[0].position - 1)
            self.last = interpret(batch, refs)
            refs.store([])
            entries = [entry for each in self.last for entry in each.entries]
            apply(cursor, projections(), lives(entries))
        return entries

    def facts(self, entries: list[Entry]) -> list[str]:
        """Return the names of facts."""
        return [type(entry.fact).__name__ for entry in entries]

    def activity(self, sender: str, kind: str, obj: Any, more: dict[str, Any]) -> msgspec.Raw:
        """Return an activity, with an id of its own unless `more` names another."""
        activity = {"@context": CONTEXT, "id": f"{sender}/acts/{next(self._ids)}", "type": kind, "actor": sender}
        return msgspec.Raw(json.dumps(activity | {"object": obj} | more).encode())

    def _recorded(self, event: Event) -> Recorded:
        position = next(self._positions)
        name, version = name_of(type(event))
        return Recorded(
            position=position,
            identity=uuid4(),
            name=name,
            version=version,
            recorded_at=START + timedelta(hours=1, seconds=position),
            cause=None,
            event=event,
        )
