"""What must happen at a time is said to the log when the time has come, so that no fold ever looks at a clock.

Each has an identity made of what it ends: said twice, it is there once.
"""

import asyncio
import logging

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from fedi.clock import Clock
from fedi.errors import Unavailable
from fedi.events import identity
from fedi.events.accounts import MuteExpired
from fedi.log.appender import Appender
from fedi.log.drafts import Conflict, Draft
from fedi.views import due

EVERY_SECONDS = 15.0
_log = logging.getLogger(__name__)


class Schedule:
    """The effect. `run` until cancelled."""

    def __init__(self, pool: AsyncConnectionPool[AsyncConnection[TupleRow]], appender: Appender, clock: Clock) -> None:
        self._pool = pool
        self._appender = appender
        self._clock = clock

    async def run(self) -> None:
        """Look every quarter of a minute."""
        while True:
            try:
                await self.look()
            except (psycopg.OperationalError, psycopg.errors.UndefinedTable, Unavailable) as error:
                _log.warning("what is due has to wait: %s", error)
            await asyncio.sleep(EVERY_SECONDS)

    async def look(self) -> None:
        """Say of everything that is due that it happens now."""
        async with self._pool.connection() as connection:
            expired = await due.mutes(connection, self._clock())
        for mute in expired:
            event = MuteExpired(account_id=mute.account_id, target_id=mute.target_id, mute_id=mute.id)
            try:
                await self._appender.append([Draft(identity=identity.of_due("mute", mute.id), event=event)])
            except Conflict:
                continue  # said already; the views have not folded it yet
