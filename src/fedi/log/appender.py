"""Appending: many coroutines, one queue, one transaction for all that wait. The only way servers write to the log."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

from psycopg.sql import SQL

from fedi.errors import Unavailable
from fedi.ids import IdMint
from fedi.log.drafts import Appended, Draft, Premise, unit_of
from fedi.log.queue import Queue, Waiting
from fedi.log.writer import Writer


class Appender:
    """The process's one writer of the log, for use in one event loop.

    `async with Appender(dsn) as appender:` connects and, at the end, writes what still waits. The database must be
    reached directly, not through a pooler in transaction mode.
    """

    def __init__(self, dsn: str, premises: SQL | None = None) -> None:
        """`premises`, where units are to stand on any, is as of `insert.prepare`."""
        self._queue = Queue()
        self._writer = Writer(dsn, self._queue, self._opened, premises)
        self._mint: IdMint | None = None
        self._mint_slot: int | None = None
        self._connected = False

    async def __aenter__(self) -> Self:
        """Connect. Raises Unavailable when the database is away."""
        self._loop = asyncio.get_running_loop()
        await asyncio.to_thread(self._writer.connect)
        self._writing = self._loop.create_task(self._writer.run(), name="log writer")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._queue.close()
        await asyncio.wait({self._writing})  # whoever is cancelled here does not take the writer along

    async def append(
        self, drafts: Sequence[Draft], begun: Callable[[], object] | None = None, premise: Premise | None = None
    ) -> Appended:
        """Append a unit of events, all or nothing, and return once they are on disk.

        `begun` is called when the database is at work on them: for what can be done meanwhile. If the waiting coroutine
        is cancelled the unit may be appended all the same.

        Raises:
            Conflict: an identity is in the log already; nothing was appended.
            Fallen: its premise is not so any more; nothing was appended.
            Unavailable: the database is away or overloaded. Rarely the unit is in nevertheless: when the same is tried
                again its identity tells.
        """
        future: asyncio.Future[Appended] = self._loop.create_future()
        self._queue.put(Waiting(unit_of(drafts, premise), future, begun))
        return await future

    def allot(self, moment: datetime) -> int:
        """Return a new id for a status or account born here at `moment`; no other process allots it.

        Raises:
            Unavailable: the session that guards this process's slot is lost and not back yet.
        """
        if self._mint is None or not self._connected:
            raise Unavailable("the log cannot be reached")
        return self._mint.allot(moment)

    def _opened(self, slot: int | None) -> None:
        """Keep the mint as long as the slot stays: it knows the last id allotted."""
        if slot is not None and slot != self._mint_slot:
            self._mint, self._mint_slot = IdMint(slot), slot
        self._connected = slot is not None
