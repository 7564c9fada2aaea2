"""Reads the log for all effects and lets each act on it: rows of its queue and its cursor in one transaction.

An effect never sees an event before the views hold it. Effects at the same place read it together, which is always,
but for the first moments of a new one.
"""

import asyncio
import logging
from collections.abc import Sequence
from time import monotonic
from typing import Protocol

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from fedi.errors import FediError, Unavailable
from fedi.events import UnknownEventError, UnreadableEventError
from fedi.meaning.interpret import Interpretation
from fedi.sql import OTHER_VIEWS, is_outage, queries

_SQL = queries(__file__)
BATCH = 500
TRIES = 5
"""How often an event that an effect cannot take is tried before it is parked."""
RETRY_SECONDS = 1.0
LISTEN_SECONDS = 5.0
REST_SECONDS = 0.05
"""Between two batches: what comes meanwhile shares the next one's transaction."""
FLOOD = 1_000
"""Events a second from which on more of them are to share one."""
FLOOD_REST_SECONDS = 0.15

_log = logging.getLogger(__name__)


class Effect(Protocol):
    """Something that the server does because of what was said."""

    @property
    def name(self) -> str:
        """The name of its cursor: never to be changed."""

    async def act(self, connection: AsyncConnection[TupleRow], batch: Sequence[Interpretation]) -> None:
        """Take a batch of events, in the transaction that moves the cursor; what else it does it must do only once."""

    def acted(self) -> None:
        """Hear that the transaction is on disk."""


class Facts(Protocol):
    """Where events and their meaning are read."""

    async def read(self, after: int, limit: int) -> list[Interpretation]: ...


class Reached(Protocol):
    """Tells when the views have come further."""

    async def wait_for(self, position: int, within: float = 1.0) -> bool: ...


class LostCursor(FediError):
    """Another process moved this one's cursor."""


class Runner:
    """Drives the effects along the log."""

    def __init__(
        self,
        pool: AsyncConnectionPool[AsyncConnection[TupleRow]],
        facts: Facts,
        progress: Reached,
        effects: Sequence[Effect],
    ) -> None:
        self._pool = pool
        self._facts = facts
        self._progress = progress
        self._effects = {effect.name: effect for effect in effects}
        self._limit = BATCH
        self._failed = 0

    async def run(self) -> None:
        """Follow the log until cancelled."""
        before, then = 0, 0.0
        while True:
            try:
                position, now = await self.step(), monotonic()
                await self._progress.wait_for(position + 1, within=LISTEN_SECONDS)
                await asyncio.sleep(rest(position - before, now - then))
                before, then = position, now
            except (psycopg.OperationalError, psycopg.InternalError, *OTHER_VIEWS, Unavailable) as error:
                # Of a damaged page nobody can go on; but what is queued already is sent meanwhile.
                _log.warning("effects wait: %s", error)
                await asyncio.sleep(RETRY_SECONDS)

    async def redrive(self) -> None:
        """Try parked events again that somebody wants to be tried, oldest first; what fails again stays parked."""
        async with self._pool.connection() as connection:
            found = await connection.execute(_SQL["wanted"], {"names": list(self._effects)})
            wanted = await found.fetchall()
        for name, position in wanted:
            await self._try_again(self._effects[name], position)

    async def _try_again(self, effect: Effect, position: int) -> None:
        parked = {"name": effect.name, "position": position}
        try:
            batch = await self._facts.read(position - 1, 1)
            async with self._pool.connection() as connection, connection.transaction():
                await effect.act(connection, batch)
                await connection.execute(_SQL["unpark"], parked)
        except Exception as error:
            if isinstance(error, (Unavailable, *OTHER_VIEWS)) or is_outage(error):
                raise
            _log.error("%s still cannot take the event at %d: %s", effect.name, position, error, exc_info=error)
            async with self._pool.connection() as connection:
                await connection.execute(_SQL["park"], {**parked, "error": repr(error)})
        else:
            effect.acted()

    async def step(self) -> int:
        """Take one batch with the effects that are furthest behind; return where they are now.

        Before it, parked events are tried again that somebody wants to be tried. Raises UnknownEventError where the
        next event was written by a newer program, which is the one to act on it.
        """
        cursors, folded, wanted = await self._standing()
        if wanted:
            await self.redrive()
        start = min(cursors.values())
        behind = [self._effects[name] for name, position in cursors.items() if position == start]
        end = min([folded, *(position for position in cursors.values() if position > start)])
        if end <= start:
            return start
        try:
            batch = await self._facts.read(start, min(self._limit, end - start))
        except UnreadableEventError as error:
            if error.position > start + 1:
                self._limit = error.position - start - 1
                return start
            if isinstance(error, UnknownEventError):
                raise
            return await self._pass_by(behind, start, error.position, error)
        try:
            await self._act(behind, start, batch)
        except (LostCursor, Unavailable, *OTHER_VIEWS):
            raise
        except Exception as error:
            if is_outage(error):
                raise
            return await self._stumble(behind, start, batch, error)
        self._limit, self._failed = BATCH, 0
        return batch[-1].recorded.position

    async def _act(self, effects: Sequence[Effect], start: int, batch: Sequence[Interpretation]) -> None:
        async with self._pool.connection() as connection, connection.transaction():
            for effect in effects:
                await effect.act(connection, batch)
            await _move(connection, effects, start, batch[-1].recorded.position)
        for effect in effects:
            effect.acted()

    async def _stumble(
        self, effects: Sequence[Effect], start: int, batch: Sequence[Interpretation], error: Exception
    ) -> int:
        """Our own fault: find the one event that we cannot take, try it again, and in the end go on without it."""
        self._limit = 1
        if len(batch) > 1:
            return start
        position = batch[0].recorded.position
        self._failed += 1
        _log.error("effects cannot take the event at %d: %s", position, error, exc_info=error)
        if self._failed < TRIES:
            await asyncio.sleep(RETRY_SECONDS)
            return start
        return await self._pass_by(effects, start, position, error)

    async def _pass_by(self, effects: Sequence[Effect], start: int, position: int, error: Exception) -> int:
        _log.error("effects go on without the event at %d: %s", position, error)
        self._limit, self._failed = BATCH, 0
        async with self._pool.connection() as connection, connection.transaction():
            for effect in effects:
                parked = {"name": effect.name, "position": position, "error": repr(error)}
                await connection.execute(_SQL["park"], parked)
            await _move(connection, effects, start, position)
        return position

    async def _standing(self) -> tuple[dict[str, int], int, bool]:
        """Return how far each effect is, how far the views are folded, and whether parked events wait to be tried."""
        async with self._pool.connection() as connection:
            found = await (await connection.execute(_SQL["standing"], {"names": list(self._effects)})).fetchall()
        cursors: dict[str, int] = {name: position for name, position, _, _ in found}
        if missing := self._effects.keys() - cursors.keys():
            raise LostCursor(f"there is no cursor for {', '.join(sorted(missing))}")
        _, _, folded, wanted = found[0]
        return cursors, folded, wanted


def rest(events: int, seconds: float) -> float:
    """Return how long to wait after a batch of so many events, which came within `seconds`; who is behind goes on."""
    return FLOOD_REST_SECONDS if FLOOD * seconds < events < BATCH else REST_SECONDS


async def _move(connection: AsyncConnection[TupleRow], effects: Sequence[Effect], start: int, end: int) -> None:
    names = [effect.name for effect in effects]
    moved = await connection.execute(_SQL["move"], {"names": names, "from": start, "to": end})
    if moved.rowcount != len(names):
        raise LostCursor
