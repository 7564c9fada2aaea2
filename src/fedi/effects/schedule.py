"""What must happen at a time is said to the log when the time has come, so that no fold ever looks at a clock.

Each has an identity made of what it ends: said twice, it is there once.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from fedi.clock import Clock
from fedi.errors import Unavailable
from fedi.events import identity
from fedi.events.accounts import MuteExpired
from fedi.events.scheduled import PollExpired
from fedi.log.appender import Appender
from fedi.log.drafts import Conflict, Draft
from fedi.sql import OTHER_VIEWS
from fedi.views import due

EVERY_SECONDS = 15.0
LATE = timedelta(days=7)
"""Polls that ended longer ago are no news, for instance those of a server that was away, or came just now.
Nor is a post that was to be published then."""
TOLD = 200
"""People that one event tells: less than one fact can."""
REFUSED = timedelta(minutes=10)
"""Before a planned post that could not be published is tried again."""
Publish = Callable[[int], Awaitable[object]]
"""Publishes a planned post, once however often it is called."""
_log = logging.getLogger(__name__)


class Schedule:
    """The effect. `run` until cancelled."""

    def __init__(
        self, pool: AsyncConnectionPool[AsyncConnection[TupleRow]], appender: Appender, clock: Clock, publish: Publish
    ) -> None:
        self._pool = pool
        self._appender = appender
        self._clock = clock
        self._publish = publish
        self._refused: dict[int, datetime] = {}
        """Planned posts that could not be published, and when they are to be tried again."""

    async def run(self) -> None:
        """Look every quarter of a minute."""
        while True:
            try:
                await self.look()
            except (psycopg.OperationalError, *OTHER_VIEWS, Unavailable) as error:
                _log.warning("what is due has to wait: %s", error)
            await asyncio.sleep(EVERY_SECONDS)

    async def look(self) -> None:
        """Say of everything that is due that it happens now."""
        now = self._clock()
        async with self._pool.connection() as connection:
            mutes = await due.mutes(connection, now)
            polls = await due.polls(connection, now - LATE, now)
            self._refused = {each: until for each, until in self._refused.items() if until > now}
            planned = await due.scheduled(connection, now - LATE, now, without=self._refused)
        for mute in mutes:
            await self._end_mute(mute)
        for poll in polls:
            await self._end_poll(poll)
        for scheduled_id in planned:
            await self._publish_planned(scheduled_id, now)

    async def _end_mute(self, mute: due.ExpiredMute) -> None:
        event = MuteExpired(account_id=mute.account_id, target_id=mute.target_id, mute_id=mute.id)
        await self._say([Draft(identity=identity.of_due("mute", mute.id), event=event)])

    async def _end_poll(self, poll: due.ExpiredPoll) -> None:
        """Tell everybody concerned, some in each event. A poll that was set anew ends anew."""
        kind = f"poll {poll.expires_at.astimezone(UTC).isoformat()}"
        drafts = []
        for number, start in enumerate(range(0, len(poll.told), TOLD)):
            event = PollExpired(
                status_id=poll.status_id,
                account_id=poll.account_id,
                expires_at=poll.expires_at,
                told=poll.told[start : start + TOLD],
            )
            drafts.append(Draft(identity=identity.of_due(f"{kind} {number}", poll.status_id), event=event))
        await self._say(drafts)

    async def _publish_planned(self, scheduled_id: int, now: datetime) -> None:
        self._refused[scheduled_id] = now + REFUSED
        await self._publish(scheduled_id)

    async def _say(self, drafts: Sequence[Draft]) -> None:
        with contextlib.suppress(Conflict):  # said already; the views have not folded it yet
            await self._appender.append(drafts)
