"""How far the views have come and what that touched, known to this process the moment they have.

One connection per process listens on the channel that the projection runner notifies in its commit, so whoever waits
for a position is woken by the commit itself. A notification can be lost (a broken connection), therefore the cursor is
also read when the connection is made and, as a safety, every few seconds. Whoever remembers what was read is told of
all that happened in between as of everything.
"""

import asyncio
import contextlib
import heapq
import itertools
import logging
from collections.abc import Callable
from time import monotonic
from typing import Protocol

import msgspec
import psycopg
from psycopg import AsyncConnection, sql
from psycopg.rows import TupleRow

from fedi.sql import queries
from fedi.touched import CHANNEL, EVERYTHING, Told, Touched, understood

SAFETY = 5.0
"""Seconds between two readings of the cursor when nothing is heard."""
RETRY = 0.5
"""Seconds before a lost connection is made again."""

CROWD = 1_000
"""Waiters among whom those who gave up are not looked for yet."""

_SQL = queries(__file__)
_log = logging.getLogger(__name__)


class Views(Protocol):
    """How far the views are known to have come, wherever they are read: on the primary, or on a standby of it."""

    @property
    def reached(self) -> int:
        """The position up to which they are folded."""

    @property
    def is_followed(self) -> bool:
        """Whether what is remembered of them can be trusted."""

    def tell(self, rememberer: Callable[[Touched], None]) -> None:
        """Let somebody know what each commit touched."""

    async def wait_for(self, position: int, within: float = 1.0) -> bool:
        """Tell whether they hold the event at `position`, `within` so many seconds."""


class Progress:
    """Follows the cursor of the views. `start` before use, `stop` at the end; not shared between event loops."""

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._reached = 0
        self._heard_at = 0.0
        self._rememberers: list[Callable[[Touched], None]] = []
        self._hearers: list[Callable[[Told], None]] = []
        self._waiters: list[tuple[int, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        self._crowded = CROWD
        self._listening: asyncio.Task[None] | None = None

    @property
    def reached(self) -> int:
        """The position up to which the views are known to be folded."""
        return self._reached

    @property
    def is_followed(self) -> bool:
        """Whether what the views do is heard: if not, nothing that is remembered can be trusted."""
        return monotonic() - self._heard_at < 2 * SAFETY

    def tell(self, rememberer: Callable[[Touched], None]) -> None:
        """Let somebody know from now on what each commit touched, before anybody who waits for it is woken."""
        self._rememberers.append(rememberer)

    def pass_on(self, hear: Callable[[Told], None]) -> None:
        """Let somebody hear from now on all that is told, in order, and of gaps as of everything."""
        self._hearers.append(hear)

    async def start(self) -> None:
        """Begin to listen; returns at once, also while the database is away."""
        self._listening = asyncio.create_task(self._listen())

    async def stop(self) -> None:
        """Stop listening; whoever still waits is left to its time limit."""
        if self._listening is not None:
            self._listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listening
            self._listening = None

    async def wait_for(self, position: int, within: float = 1.0) -> bool:
        """Wait until the views hold the event at `position`; tell whether they did `within` so many seconds."""
        if position <= self._reached:
            return True
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if len(self._waiters) >= self._crowded:
            self._forget_who_gave_up()
        heapq.heappush(self._waiters, (position, next(self._order), woken))
        try:
            async with asyncio.timeout(within):
                await woken
        except TimeoutError:
            return position <= self._reached
        return True

    async def _listen(self) -> None:
        while True:
            try:
                async with await AsyncConnection.connect(self._database_url, autocommit=True) as connection:
                    await self._follow(connection)
            except psycopg.OperationalError as error:
                _log.warning("the views' progress cannot be followed: %s", error)
            await asyncio.sleep(RETRY)

    async def _follow(self, connection: AsyncConnection[TupleRow]) -> None:
        await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
        while True:
            await self._read_cursor(connection)
            async for notification in connection.notifies(timeout=SAFETY):
                self._hear(notification.payload)

    async def _read_cursor(self, connection: AsyncConnection[TupleRow]) -> None:
        try:
            row = await (await connection.execute(_SQL["cursor"])).fetchone()
        except psycopg.errors.UndefinedTable:
            return  # a server's first start: the projector has not made the views yet
        if row is not None:
            self._advance(Told(row[0], row[0]))

    def _hear(self, payload: str) -> None:
        try:
            self._advance(understood(payload))
        except msgspec.DecodeError as error:
            _log.warning("what the views told is not understood: %s", error)

    def _forget_who_gave_up(self) -> None:
        """While the projector is away nobody is woken, and all who gave up would be remembered."""
        self._waiters = [waiter for waiter in self._waiters if not waiter[2].done()]
        heapq.heapify(self._waiters)
        self._crowded = max(CROWD, 2 * len(self._waiters))

    def _advance(self, told: Told) -> None:
        self._heard_at = monotonic()
        touched = told.touched if told.before == self._reached else EVERYTHING
        if touched != Touched():
            for rememberer in self._rememberers:
                rememberer(touched)
        heard = Told(self._reached, max(self._reached, told.position), touched)
        self._reached = heard.position
        if heard != Told(heard.position, heard.position):
            for hear in self._hearers:
                hear(heard)
        while self._waiters and self._waiters[0][0] <= self._reached:
            _, _, woken = heapq.heappop(self._waiters)
            if not woken.done():
                woken.set_result(None)
