"""Somebody elsewhere, whose activities come in as if their signatures had held."""

import itertools
import json
from typing import Any

import msgspec

from fedi.api.deps import Deps
from fedi.clock import now
from fedi.events import Event, identity
from fedi.events.activities import ActivityReceived, DocumentFetched
from fedi.log.drafts import Draft
from fedi.views import accounts
from tests.support.saying import PUBLIC, actor
from tests.support.server import folded

_NUMBERS = itertools.count(1)


class Neighbour:
    """Does what it is told; every act is in the views when it returns."""

    def __init__(self, deps: Deps, uri: str) -> None:
        self._deps = deps
        self.uri = uri
        self.id = 0

    async def arrive(self) -> None:
        """Become known here."""
        document = msgspec.Raw(json.dumps(actor(self.uri)).encode())
        await self._happen(DocumentFetched(document=document, url=self.uri))
        async with self._deps.pool.connection() as connection:
            self.id = (await accounts.by_uris(connection, [self.uri]))[self.uri]

    async def does(self, kind: str, obj: Any, **more: Any) -> None:
        """Let an activity come in."""
        activity = {"id": f"{self.uri}/acts/{next(_NUMBERS)}", "type": kind, "actor": self.uri, "object": obj, **more}
        activity["@context"] = "https://www.w3.org/ns/activitystreams"
        raw = msgspec.Raw(json.dumps(activity).encode())
        digest = str(next(_NUMBERS))
        key = f"{self.uri}#key"
        await self._happen(ActivityReceived(document=raw, actor=self.uri, key=key, signed_at=now(), digest=digest))

    async def posts(self, content: str, **more: Any) -> int:
        """Post something, in public unless it is said otherwise; return its id."""
        uri = f"{self.uri}/notes/{next(_NUMBERS)}"
        note = {"id": uri, "type": "Note", "attributedTo": self.uri, "content": content, "to": [PUBLIC], **more}
        note = {"published": now().isoformat(), "cc": [f"{self.uri}/followers"], **note}
        await self.does("Create", note, to=note["to"], cc=note["cc"])
        async with self._deps.pool.connection() as connection:
            cursor = await connection.execute("SELECT id FROM read.statuses WHERE uri = %s", [uri])
            row = await cursor.fetchone()
        assert row is not None
        return int(row[0])

    async def _happen(self, event: Event) -> None:
        appended = await self._deps.commands.appender.append([Draft(identity=identity.fresh(now()), event=event)])
        await folded(self._deps, appended.positions[-1])


async def neighbour(deps: Deps, domain: str, name: str = "zoe") -> Neighbour:
    """Let somebody of a domain become known here, under a name that nobody has yet."""
    found = Neighbour(deps, f"https://{domain}/users/{name}{next(_NUMBERS)}")
    await found.arrive()
    return found
