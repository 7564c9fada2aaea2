"""How far the views have come on a standby of the database: a copy that Postgres keeps, always a little behind.

The cursor of the views is copied with them, so where a position stands, everything up to it stands. A standby can tell
nobody by itself (there is no LISTEN), so it is asked for its cursor whenever the primary has told of something, by one
connection of each process. Whoever remembers what was read from it is told what a commit touched when the commit has
arrived there, and not before: else they would read the old again, and remember that.
"""

import asyncio
import contextlib
import logging
import math
from collections import deque
from collections.abc import Callable
from time import monotonic

import msgspec
import psycopg
from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from fedi.errors import Unavailable
from fedi.registry.pool import standby_pool
from fedi.sql import queries
from fedi.touched import EVERYTHING, Told, Touched
from fedi.views.progress import Progress

MOST_BEHIND = 1.0
"""Seconds that a standby may be behind; one that is further behind is not read."""
SHORTEST = 0.01
LONGEST = 0.2
"""Seconds between two questions to a standby that is behind: the longer, the longer nothing has arrived."""
SAFETY = 5.0
"""Seconds between two questions when nothing is heard."""
PATIENCE = 1.0
"""Seconds in which it must answer."""
RETRY = 1.0
"""Seconds before a lost connection is made again."""
MOST_HELD = 1_000
"""Commits of which it is known what they touched, while they have not arrived."""
LONG_AGO = -math.inf
"""When there was what nobody heard of: until it has arrived, nobody knows how far behind the standby is."""

_SQL = queries(__file__)
_log = logging.getLogger(__name__)


class BehindError(Unavailable):
    """The standby does not have that yet"""


class _Commit(msgspec.Struct, frozen=True):
    """What the primary told, and when: it has arrived once the standby is at `position`."""

    position: int
    at: float
    touched: Touched


class Standby:
    """Follows the cursor of a standby, and lends connections to it.

    `start` before use, `stop` at the end; not shared between event loops.
    """

    def __init__(self, url: str, progress: Progress, *, connections: int) -> None:
        self.pool = standby_pool(url, most=connections)
        self._url = url
        self._progress = progress
        self._reached = 0
        self._generation: int | None = None
        self._answers = False
        self._served: bool | None = None
        self._began = monotonic()
        self._awaited: deque[_Commit] = deque()
        self._rememberers: list[Callable[[Touched], None]] = []
        self._news = asyncio.Event()
        self._asking: asyncio.Task[None] | None = None
        progress.pass_on(self._hear)
        self._hear(Told(0, progress.reached, EVERYTHING))

    @property
    def reached(self) -> int:
        """The position up to which the views there are known to be folded."""
        return self._reached

    @property
    def is_followed(self) -> bool:
        """Whether it may be read: it answers, and is known to be behind by `MOST_BEHIND` at most."""
        late = bool(self._awaited) and monotonic() - self._awaited[0].at > MOST_BEHIND
        return self._answers and not late and self._progress.is_followed

    def tell(self, rememberer: Callable[[Touched], None]) -> None:
        """Let somebody know from now on what each commit touched, as soon as it has arrived."""
        self._rememberers.append(rememberer)

    async def wait_for(self, position: int, within: float = 1.0) -> bool:
        """Never wait, for the primary has it already. Raises BehindError where it has not arrived."""
        if position > self._reached:
            raise BehindError
        return True

    def doubt(self, error: Exception) -> None:
        """Do not read it until it has answered again: somebody who did could not."""
        self._answers = False
        self._news.set()
        self._say(error)

    async def start(self) -> None:
        """Begin to ask; returns at once, also while the standby is away."""
        await self.pool.open()
        self._asking = asyncio.create_task(self._ask_always())

    async def stop(self) -> None:
        """Stop asking, and close its connections."""
        if self._asking is not None:
            self._asking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._asking
            self._asking = None
        await self.pool.close()

    async def _ask_always(self) -> None:
        while True:
            try:
                async with asyncio.timeout(PATIENCE):
                    connection = await AsyncConnection.connect(self._url, autocommit=True)
                async with connection:
                    await self._follow(connection)
            except (psycopg.Error, TimeoutError) as error:
                self.doubt(error)
            await asyncio.sleep(RETRY)

    async def _follow(self, connection: AsyncConnection[TupleRow]) -> None:
        pause = SHORTEST
        while True:
            self._news.clear()
            before = self._reached
            async with asyncio.timeout(PATIENCE):
                row = await (await connection.execute(_SQL["cursor"])).fetchone()
            assert row is not None
            self._arrive(*row)
            self._answers = True
            self._say()
            if self._awaited:
                pause = SHORTEST if self._reached > before else min(2 * pause, LONGEST)
            else:
                pause = SHORTEST
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(SAFETY):
                        await self._news.wait()
            await asyncio.sleep(pause)  # what was just told has not arrived in the same moment

    def _hear(self, told: Told) -> None:
        """Note what the primary told. What leads nowhere is a part of the commit that is told next."""
        is_part = told.position == told.before and not told.touched.everything
        position = told.position + 1 if is_part else told.position
        self._awaited.append(_Commit(position, monotonic() if told.before else LONG_AGO, told.touched))
        if len(self._awaited) > MOST_HELD:
            self._awaited = deque([_Commit(position, self._awaited[0].at, EVERYTHING)])
        self._news.set()

    def _arrive(self, position: int, generation: int) -> None:
        if self._generation not in {None, generation}:  # rebuilt views have taken the place of the others
            self._tell(EVERYTHING)
        if position < self._reached:  # another standby, or one that was made anew: its past is remembered by nobody
            self._awaited.appendleft(_Commit(self._reached, LONG_AGO, EVERYTHING))
        while self._awaited and self._awaited[0].position <= position:
            self._tell(self._awaited.popleft().touched)
        self._reached, self._generation = position, generation

    def _tell(self, touched: Touched) -> None:
        if touched != Touched():
            for rememberer in self._rememberers:
                rememberer(touched)

    def _say(self, error: Exception | None = None) -> None:
        """Write down when it begins or ceases to be read. That the primary is away is written down elsewhere."""
        if self._served == self.is_followed or not self._progress.is_followed:
            return
        if self._served is None and error is None and not self.is_followed and monotonic() - self._began < MOST_BEHIND:
            return  # at a start it is asked where it is before anything is known of it
        self._served = self.is_followed
        if self._served:
            _log.info("views are read from the standby")
        else:
            _log.warning("views are read from the primary alone: %s", error or "the standby is too far behind")
