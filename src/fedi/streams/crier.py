"""Passes announcements on to whoever listens: reads what they are about, writes it once, hands it to all.

Announcements are passed on in their order and one batch after the other, so that nobody hears of an edit before the
post. Things that are gone again by the time they are read are not told.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from typing import Any

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from fedi import clock
from fedi.projections.announcements import Announcement
from fedi.streams.channels import STAFF, audience
from fedi.streams.frames import Payload
from fedi.streams.knowledge import Heard, Knowledge, learn
from fedi.streams.renderer import Renderer
from fedi.streams.switchboard import Listener, Switchboard
from fedi.views import filters
from fedi.views.filtering import Sieve
from fedi.views.filters import sifted
from fedi.views.listeners import ANYBODY, concerned, seen_by
from fedi.views.statuses import Status

MOST_FILTERS = 20_000
"""People whose filters a process keeps, whoever of them still listens."""
_PERSONAL = ("notification", "conversation")
AT_ONCE = 50
"""Announcements that are read about together; a batch of the projector can hold many more."""


class Crier:
    """Tells the clients of a switchboard what was announced."""

    def __init__(
        self, switchboard: Switchboard, pool: AsyncConnectionPool[AsyncConnection[Any]], renderer: Renderer
    ) -> None:
        self._switchboard = switchboard
        self._pool = pool
        self._renderer = renderer
        self._sieves: dict[int, Sieve] = {}

    def forget_filters(self) -> None:
        """Read everybody's filters anew: some may have changed without our hearing of it."""
        self._sieves.clear()

    async def tell(self, announcements: Sequence[Announcement]) -> None:
        """Tell everybody who listens and may hear it."""
        for said in announcements:
            if said.event == "filters_changed" and said.account is not None:
                self._sieves.pop(said.account, None)
        heard = iter([(said, each) for said in announcements if (each := self._listeners(said))])
        while some := list(islice(heard, AT_ONCE)):
            await self._tell(some)

    def _listeners(self, said: Announcement) -> list[tuple[str, Listener]]:
        return self._switchboard.listeners(audience(said))

    async def _tell(self, heard: Sequence[Heard]) -> None:
        async with self._pool.connection() as connection:
            known = await learn(connection, heard)
            await self._learn_filters(connection, heard)
        sheet = _Sheet(known, self._sieves, self._renderer)
        for said, each in heard:
            for channel, listener in each:
                if known.may_hear(said, channel, listener):
                    listener.hear(sheet.payload(said, listener.client.account_id))

    async def _learn_filters(self, connection: AsyncConnection[Any], heard: Sequence[Heard]) -> None:
        """Read the filters of listeners who are new here. Whose filters change is forgotten in `tell`."""
        viewers = {listener.client.account_id for _, each in heard for _, listener in each}
        if missing := viewers - self._sieves.keys():
            if len(self._sieves) > MOST_FILTERS:
                self._sieves.clear()
                missing = viewers
            self._sieves.update(await filters.sieves(connection, missing))


class _Sheet:
    """Writes each thing once for all who see it alike."""

    def __init__(self, known: Knowledge, sieves: Mapping[int, Sieve], renderer: Renderer) -> None:
        self._known = known
        self._sieves = sieves
        self._now = clock.now()
        self._renderer = renderer
        self._written: dict[tuple[str, int, int], Payload] = {}
        self._people: dict[int, Collection[int]] = {}

    def payload(self, said: Announcement, viewer: int) -> Payload:
        """Return what a viewer is told."""
        eyes = viewer if said.event in _PERSONAL or self._sees_otherwise(said, viewer) else ANYBODY
        key = (said.event + said.name, said.id, eyes)
        written = self._written.get(key)
        if written is None:
            written = self._written[key] = Payload(said.event, self._body(said, eyes))
        return written

    def _sees_otherwise(self, said: Announcement, viewer: int) -> bool:
        """Tell whether a status looks different to a viewer: it is partly theirs, or a filter of theirs catches it."""
        if viewer in self._concerned(said):
            return True
        sieve = self._sieves[viewer]
        found = self._known.statuses.get(said.id) if sieve else None
        return found is not None and bool(sifted(found, sieve, self._now).filtered)

    def _concerned(self, said: Announcement) -> Collection[int]:
        """Return who sees a status with eyes of their own; what is gone looks the same to all."""
        if said.event in {"delete", "filters_changed", "notifications_merged", *STAFF}:
            return ()
        people = self._people.get(said.id)
        if people is None:
            people = self._people[said.id] = concerned(
                self._known.statuses[said.id], self._known.deeds, self._known.quotes
            )
        return people

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
