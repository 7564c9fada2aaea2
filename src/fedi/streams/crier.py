"""Passes announcements on to whoever listens: reads what they are about, writes it once, hands it to all.

Announcements are passed on in their order and one batch after the other, so that nobody hears of an edit before the
post. Things that are gone again by the time they are read are not told.
"""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from fedi import clock
from fedi.projections.announcements import Announcement
from fedi.streams.ahead import Ahead, worth_reading
from fedi.streams.channels import audience
from fedi.streams.frames import Frame, Payload
from fedi.streams.knowledge import POSTS, Audience, Heard, Knowledge, known_already, learn
from fedi.streams.minds import Minds
from fedi.streams.renderer import Renderer
from fedi.streams.switchboard import Client, Switchboard
from fedi.views import filters
from fedi.views.filtering import Sieve
from fedi.views.filters import sifted
from fedi.views.listeners import ANYBODY, concerned, seen_by
from fedi.views.searching import Haystack
from fedi.views.statuses import Status

_PERSONAL = ("notification", "conversation")
AT_ONCE = 50
"""Announcements that are read about together; a batch of the projector can hold many more."""
TOGETHER = 50
"""Clients that are written to before the next are told, and before anybody else gets a turn."""


class Crier:
    """Tells the clients of a switchboard what was announced."""

    def __init__(
        self, switchboard: Switchboard, pool: AsyncConnectionPool[AsyncConnection[Any]], renderer: Renderer
    ) -> None:
        self._switchboard = switchboard
        self._pool = pool
        self._renderer = renderer
        self._minds = Minds()
        self._ahead = Ahead()

    def forget_all(self) -> None:
        """Read everything anew that is remembered: it may have changed without our hearing of it."""
        self._minds.forget_all()
        self._ahead.forget_all()

    def take(self, posted: Status) -> None:
        """Have a post that was handed over told at home when it is there, if anybody listens to what comes home."""
        if self._switchboard.has_home_readers:
            self._ahead.take(posted)

    async def tell(self, announcements: Sequence[Announcement]) -> None:
        """Tell everybody who listens and may hear it."""
        for said in announcements:
            self._minds.hear(said)
            self._ahead.hear(said)
        soon = worth_reading(announcements)
        unread = self._ahead.begin(soon) if soon else soon
        audiences: dict[Hashable, Audience] = {}
        heard = iter([(said, each) for said in announcements if (each := self._audience(said, audiences)).listeners])
        while some := list(islice(heard, AT_ONCE)):
            await self._tell(some)
        if unread and self._switchboard.has_home_readers:
            async with self._pool.connection() as connection:
                await self._ahead.read(connection, unread)

    def _audience(self, said: Announcement, known: dict[Hashable, Audience]) -> Audience:
        """Return who listens. In a batch much is told to the same people."""
        told = (said.event, said.channels, said.homes, said.account)
        found = known.get(told)
        if found is None:
            found = known[told] = Audience.of(self._switchboard.listeners(audience(said)))
        return found

    async def _tell(self, heard: Sequence[Heard]) -> None:
        everybody = frozenset().union(*(each.viewers for _, each in heard))
        anybody = frozenset().union(*(each.anybody for _, each in heard))
        known = known_already(heard, self._ahead.known()) if self._minds.know(everybody, anybody) else None
        if known is None:
            async with self._pool.connection() as connection:
                known = await learn(connection, heard, self._ahead.known())
                await self._minds.learn(connection, everybody, anybody)
        now = clock.now()
        sheet = _Sheet(known, self._minds.sieves, self._renderer, now)
        told: defaultdict[Client, list[Frame]] = defaultdict(list)
        for said, each in heard:
            own = sheet.own_eyes(said, each.viewers)
            for listener in known.hearers(said, each, self._minds.aversions, now):
                client = listener.client
                eyes = client.account_id if client.account_id in own else ANYBODY
                told[client].append(listener.frame(sheet.payload(said, eyes)))
        for number, (client, frames) in enumerate(told.items(), 1):
            client.outbox.put(frames)
            if number % TOGETHER == 0:
                await asyncio.sleep(0)


class _Sheet:
    """Writes each thing once for all who see it alike."""

    def __init__(self, known: Knowledge, sieves: Mapping[int, Sieve], renderer: Renderer, now: datetime) -> None:
        self._known = known
        self._sieves = sieves
        self._now = now
        self._renderer = renderer
        self._written: dict[tuple[str, int, int], Payload] = {}
        self._read: dict[int, Haystack] = {}

    def own_eyes(self, said: Announcement, viewers: Collection[int]) -> Collection[int]:
        """Return which of the viewers are told something else than `ANYBODY` is.

        It is theirs alone, or a status that is partly theirs or caught by a filter of theirs. What is gone looks the
        same to all.
        """
        if said.event in _PERSONAL:
            return viewers
        if said.event not in POSTS or (found := self._known.statuses.get(said.id)) is None:
            return ()
        filtering = ((viewer, sieve) for viewer in viewers if (sieve := self._sieves[viewer]))
        caught = {who for who, sieve in filtering if filters.is_caught(found, sieve, self._now, self._searched)}
        return caught | concerned(found, self._known.deeds, self._known.quotes)

    def payload(self, said: Announcement, eyes: int) -> Payload:
        """Return what is told to those who see with these eyes."""
        key = (said.event + said.name, said.id, eyes)
        written = self._written.get(key)
        if written is None:
            written = self._written[key] = Payload(said.event, self._body(said, eyes))
        return written

    def _searched(self, found: Status) -> Haystack:
        """Return what of a status everybody's filters look through."""
        searched = self._read.get(found.row.id)
        if searched is None:
            searched = self._read[found.row.id] = filters.read(found)
        return searched

    def _body(self, said: Announcement, eyes: int) -> bytes:
        match said.event:
            case "delete" | "announcement.delete":
                return str(said.id).encode()
            case "announcement":
                return self._renderer.announcement(self._known.notices[said.id])
            case "announcement.reaction":
                return self._renderer.reaction(self._known.notices[said.id], said.name)
            case "notifications_merged":
                return b"1"  # older servers drop, and clients expect, no event without a payload
            case "filters_changed":
                return b""
            case "notification":
                return self._notification(said.id, eyes)
            case "conversation":
                return self._conversation(said.id, eyes)
            case _:
                return self._renderer.status(self._seen(self._known.statuses[said.id], eyes))

    def _seen(self, found: Status, eyes: int) -> Status:
        seen = seen_by(found, eyes, self._known.deeds, self._known.quotes)
        sieve = self._sieves.get(eyes)
        return sifted(seen, sieve, self._now) if sieve else seen

    def _notification(self, notification_id: int, viewer: int) -> bytes:
        found = self._known.notifications[notification_id]
        about = self._known.statuses.get(found.status_id or 0)
        seen = None if about is None else self._seen(about, viewer)
        return self._renderer.notification(found, self._known.accounts, seen)

    def _conversation(self, conversation_id: int, viewer: int) -> bytes:
        found = self._known.conversations[conversation_id]
        last = self._known.statuses.get(found.last_status_id)
        return self._renderer.conversation(found, self._known.accounts, self._seen(last, viewer) if last else None)
