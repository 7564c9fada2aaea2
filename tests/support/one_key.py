"""An inbox in memory that knows one stranger's key, and shows of what it takes in that it can be read back."""

import asyncio
import sys
from collections.abc import Sequence
from typing import Any, cast

import msgspec

from fedi.activitypub.resolve import NotLearnt, SigningKey
from fedi.activitypub.server.edge import Edge
from fedi.activitypub.server.junk import Junk
from fedi.activitypub.server.posting import InboxRoute
from fedi.activitypub.server.signers import Signers
from fedi.activitypub.vocabulary.activities import read_activity
from fedi.activitypub.vocabulary.uris import Uri
from fedi.clock import now
from fedi.events import decode
from fedi.events.activities import ActivityReceived
from fedi.log.drafts import Appended, Draft, unit_of
from fedi.views.actor_memory import ActorMemory
from fedi.views.borders import Border, Borders
from fedi.views.progress import Progress
from tests.support.direct import deliver
from tests.support.fake_actor import FakeActor, Reply
from tests.support.fediverse import Fediverse
from tests.support.here import SITE
from tests.support.keys import public_pem

INBOX = SITE.shared_inbox
KNOWN = frozenset({200, 202, 400, 401, 405, 413, 415, 429})


class OneKey:
    """Knows mallory's key and no other."""

    def __init__(self, mallory: FakeActor) -> None:
        self._mallory = mallory

    async def known(self, key_id: Uri) -> SigningKey | None:
        if key_id.text != self._mallory.key_id:
            return None
        return SigningKey(key_id=key_id.text, actor=self._mallory.id, pem=public_pem(self._mallory.key))

    async def fetch(self, key_id: Uri, *, again: bool) -> SigningKey:
        raise NotLearnt(reason="content_type")

    def asked_lately(self, key_id: Uri, *, again: bool) -> bool:
        return False


class Memory:
    """A log that keeps nothing but the last, and tries whether what it is given can be read back."""

    def __init__(self) -> None:
        self.units = 0
        self.last: list[ActivityReceived] = []

    async def append(self, drafts: Sequence[Draft]) -> Appended:
        unit = unit_of(drafts)
        self.last = []
        for name, version, payload in zip(unit.names, unit.versions, unit.payloads, strict=True):
            event = decode(name, version, payload)
            assert isinstance(event, ActivityReceived)
            read_activity(msgspec.json.decode(event.document))
            payload.decode()
            self.last.append(event)
        self.units += 1
        return Appended(positions=tuple(range(len(drafts))), recorded_at=now())


def somebody(name: str) -> FakeActor:
    """Return an actor of a server that is not running."""
    return Fediverse(port=3001, shared_keys=False).host(f"{name}.example").actor(name)


class Open(Borders):
    """Nobody is limited."""

    async def now(self) -> Border:
        return Border(rules={})


class Target:
    """The inbox, and mallory, who writes to it, as much as she likes: who sends too much is tried elsewhere."""

    def __init__(self) -> None:
        self.mallory = somebody("mallory")
        self.log = Memory()
        self.edge = Edge(
            site=SITE,
            pool=cast("Any", None),
            appender=cast("Any", self.log),
            signers=Signers(OneKey(self.mallory)),
            borders=Open(cast("Any", None)),
            actors=ActorMemory(cast("Any", None), Progress("")),
            clock=now,
            jobs=cast("Any", None),
            open_registrations=True,
            junk=Junk(sys.maxsize),
        )
        self.routes = [InboxRoute(self.edge)]

    def __repr__(self) -> str:
        return "<an inbox>"

    def post(self, body: bytes) -> Reply:
        """Sign a body and post it."""
        return asyncio.run(deliver(self.routes, self.mallory.sign(body, INBOX)))
