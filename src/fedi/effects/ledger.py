"""Writes down what became of deliveries, many in one transaction: a commit each would cost more than sending.

Until its result is on disk a host stays busy, so what is sent again after a crash is the little of the last moment.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

import psycopg
from msgspec.json import encode
from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from fedi.clock import Clock
from fedi.effects.deliver import HOSTS_LOCK
from fedi.effects.gone import ask_after
from fedi.effects.lane import Rest, Result
from fedi.effects.verdicts import BREAKER_OPENS
from fedi.sql import queries

_SQL = queries(str(Path(__file__).with_name("lanes.py")))
GATHER_SECONDS = 0.05
"""How long results wait for others to be written with them."""
RETRY_SECONDS = 1.0

_log = logging.getLogger(__name__)


class Ledger:
    """Results on their way to the database; `rested` hears of the hosts whose turn is written down."""

    def __init__(
        self,
        pool: AsyncConnectionPool[AsyncConnection[TupleRow]],
        rested: Callable[[Iterable[str]], None],
        clock: Clock,
    ) -> None:
        self._pool = pool
        self._rested = rested
        self._clock = clock
        self._results: list[Result] = []
        self._rests: list[Rest] = []
        self._more = asyncio.Event()

    def tell(self, result: Result) -> None:
        """Take a result."""
        self._results.append(result)
        self._more.set()

    def rest(self, rest: Rest) -> None:
        """Take the end of a turn."""
        self._rests.append(rest)
        self._more.set()

    async def keep(self) -> None:
        """Write results as they come, until cancelled."""
        while True:
            await self._more.wait()
            await asyncio.sleep(GATHER_SECONDS)
            await self.flush()

    async def flush(self) -> None:
        """Write down all there is; while the database is away it is tried again and again."""
        self._more.clear()
        results, self._results = self._results, []
        rests, self._rests = self._rests, []
        while results or rests:
            try:
                async with self._pool.connection() as connection, connection.transaction():
                    await _write(connection, results, rests, self._clock())
                break
            except asyncio.CancelledError:
                self._results[:0], self._rests[:0] = results, rests
                raise
            except psycopg.OperationalError as error:
                _log.warning("what became of %d deliveries cannot be written down yet: %s", len(results), error)
                await asyncio.sleep(RETRY_SECONDS)
        self._rested(rest.host for rest in rests)


async def _write(
    connection: AsyncConnection[TupleRow], results: list[Result], rests: list[Rest], now: datetime
) -> None:
    """Write all down. As JSON, for psycopg takes long to make a dozen lists into values."""
    if results:
        await connection.execute(_SQL["report"], {"results": encode(results).decode(), "now": now})
        await ask_after(connection, results)
    if rests:
        await connection.execute(_SQL["lock"], {"lock": HOSTS_LOCK})
        given = {"rests": encode(rests).decode(), "breaker_opens": BREAKER_OPENS, "now": now}
        await connection.execute(_SQL["rest"], given)
