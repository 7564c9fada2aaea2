"""Learns what is queued: one thing at a time from each host, few tries, and nothing again for a day."""

import asyncio
import logging
from datetime import timedelta

import msgspec
import psycopg
from psycopg import AsyncConnection
from psycopg.rows import TupleRow, class_row
from psycopg_pool import AsyncConnectionPool

from fedi.activitypub.resolve import Found, Means, first_contact, resolve_actor, resolve_object
from fedi.effects.fetch import Kind
from fedi.errors import PeerError, Unavailable
from fedi.services.http import Unreachable
from fedi.sql import queries

_SQL = queries(__file__.replace("fetching.py", "fetch.py"))
AT_ONCE = 16
PAUSES = (timedelta(minutes=1), timedelta(minutes=15))
"""Before the second and the third try of a host that could not be reached; there is no fourth."""
IDLE_SECONDS = 30.0
PRUNE_SECONDS = 3600.0

_log = logging.getLogger(__name__)


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the queue."""

    uri: str
    kind: Kind
    host: str
    cause: int
    attempts: int


class Fetching:
    """The worker of `fetch`. `run` until cancelled; `wake` when something was queued."""

    def __init__(self, pool: AsyncConnectionPool[AsyncConnection[TupleRow]], means: Means) -> None:
        self._pool = pool
        self._means = means
        self._busy: set[str] = set()
        self._changed = asyncio.Event()

    def wake(self) -> None:
        """Look for work at once."""
        self._changed.set()

    async def run(self) -> None:
        """Learn until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._prune())
            while True:
                self._changed.clear()
                wait = await self._start(tasks)
                try:
                    async with asyncio.timeout(wait):
                        await self._changed.wait()
                except TimeoutError:
                    continue

    async def _start(self, tasks: asyncio.TaskGroup) -> float:
        """Begin what is due; return how long to wait before looking again, in seconds."""
        free = AT_ONCE - len(self._busy)
        if free <= 0:
            return IDLE_SECONDS
        try:
            async with self._pool.connection() as connection:
                for wanted in await _due(connection, self._busy, free):
                    self._busy.add(wanted.host)
                    tasks.create_task(self._learn(wanted))
                row = await (await connection.execute(_SQL["next_due"], {"busy": list(self._busy)})).fetchone()
        except psycopg.OperationalError as error:
            _log.warning("fetches wait for the database: %s", error)
            return 1.0
        return min(max(row[0], 0.05), IDLE_SECONDS) if row is not None and row[0] is not None else IDLE_SECONDS

    async def _learn(self, wanted: Wanted) -> None:
        try:
            await self._finish(wanted, await self._ask(wanted))
        except (psycopg.OperationalError, Unavailable) as error:
            _log.warning("what %s says cannot be kept yet: %s", wanted.uri, error)
            await asyncio.sleep(1.0)
        finally:
            self._busy.discard(wanted.host)
            self._changed.set()

    async def _ask(self, wanted: Wanted) -> Found | timedelta | None:
        """Return what was learnt, how long to wait for another try, or None where there is nothing to be had."""
        learn = {"actor": resolve_actor, "object": resolve_object, "contact": first_contact}[wanted.kind]
        try:
            return await learn(self._means, wanted.uri, cause=wanted.cause)
        except Unreachable:
            return PAUSES[wanted.attempts] if wanted.attempts < len(PAUSES) else None
        except PeerError as error:
            _log.info("nothing was learnt from %s: %s", wanted.uri, error.reason)
            return None
        except (psycopg.Error, Unavailable):
            raise
        except Exception:
            # Our own fault, whatever it is: it must not stop the other fetches.
            _log.exception("what %s says could not be read", wanted.uri)
            return None

    async def _finish(self, wanted: Wanted, result: Found | timedelta | None) -> None:
        row = {"uri": wanted.uri, "kind": wanted.kind}
        async with self._pool.connection() as connection:
            if isinstance(result, timedelta):
                await connection.execute(_SQL["postpone"], {**row, "wait": result})
            else:
                await connection.execute(_SQL["finish"], {**row, "position": result.position if result else None})

    async def _prune(self) -> None:
        while True:
            try:
                async with self._pool.connection() as connection:
                    await connection.execute(_SQL["prune"])
            except psycopg.OperationalError as error:
                _log.warning("old fetches are not forgotten yet: %s", error)
            await asyncio.sleep(PRUNE_SECONDS)


async def _due(connection: AsyncConnection[TupleRow], busy: set[str], limit: int) -> list[Wanted]:
    async with connection.cursor(row_factory=class_row(Wanted)) as cursor:
        await cursor.execute(_SQL["due"], {"busy": list(busy), "limit": limit})
        return await cursor.fetchall()
