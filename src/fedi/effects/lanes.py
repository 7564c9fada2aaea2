"""Sends what is queued: a lane per host, in its order, many hosts at once.

The lanes are this process's memory: a host belongs to one process at a time (`delivering`), so no row is leased and
nothing has to expire after a crash. A delivery whose result was not written down is sent again, with the same id and
bytes.
"""

import asyncio
import logging
import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import groupby

import msgspec
import psycopg
from psycopg import AsyncConnection
from psycopg.rows import TupleRow, dict_row
from psycopg_pool import AsyncConnectionPool

from fedi.activitypub.signatures import Form
from fedi.clock import Clock
from fedi.effects.lane import Answer, Delivery, Lane, Rest
from fedi.effects.ledger import Ledger
from fedi.effects.linking import Linking
from fedi.effects.pace import SLOW_SECONDS, Pace
from fedi.effects.parcels import Parcels
from fedi.effects.sending import Parcel, Sender
from fedi.effects.signing import SigningThreads
from fedi.effects.slots import Slots
from fedi.effects.synchronizing import Synchronizing
from fedi.effects.turn import take_turn
from fedi.effects.verdicts import pause
from fedi.services.http import HttpClient
from fedi.shares import ALL, SLICES
from fedi.sql import OTHER_VIEWS, queries

_SQL = queries(__file__)
PER_TURN = 50
"""Deliveries that are read for one host at a time."""
GATHER_SECONDS = 0.01
"""How long hosts whose turn is over wait for others, so that the next are read together."""
IDLE_SECONDS = 30.0
"""How long nothing is looked for when nothing is due; a new delivery ends the wait."""
PRUNE_SECONDS = 3600.0

_log = logging.getLogger(__name__)


class Lanes:
    """The worker of `deliver` for some slices of the hosts. `run` until cancelled; `wake` when something was queued."""

    def __init__(
        self,
        *,
        database_url: str,
        pool: AsyncConnectionPool[AsyncConnection[TupleRow]],
        http: HttpClient,
        clock: Clock,
        synchronizes_followers: bool = True,
        linking: Linking | None = None,
        slices: Collection[int] = ALL,
    ) -> None:
        self._slices = slices
        self._pool = pool
        self._clock = clock
        self._parcels = Parcels(database_url, pool, linking)
        self._signing = SigningThreads()
        synchronizing = Synchronizing(pool) if synchronizes_followers else None
        self._sender = Sender(http, self._signing, clock, synchronizing)
        self._ledger = Ledger(pool, self._rested, clock)
        self._slots = Slots()
        self._busy: dict[str, int] = {}
        self._changed = asyncio.Event()

    def wake(self) -> None:
        """Look for work at once."""
        self._changed.set()

    def hold(self, slices: Collection[int]) -> None:
        """Begin no more turns of hosts but those of some slices."""
        if slices != self._slices:
            self._slices = slices
            self._changed.set()

    def busy_slices(self) -> set[int]:
        """Return the slices of the hosts whose turn is not over and written down."""
        return set(self._busy.values())

    async def run(self) -> None:
        """Send until cancelled; what was sent by then is written down."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._ledger.keep())
                tasks.create_task(self._prune())
                await self._feed(tasks)
        finally:
            await self._ledger.flush()
            self._signing.close()
            self._parcels.close()

    async def _feed(self, tasks: asyncio.TaskGroup) -> None:
        while True:
            self._changed.clear()
            wait = await self._start_turns(tasks)
            await asyncio.sleep(GATHER_SECONDS)
            if wait > 0:
                try:
                    async with asyncio.timeout(wait):
                        await self._changed.wait()
                except TimeoutError:
                    continue

    async def _start_turns(self, tasks: asyncio.TaskGroup) -> float:
        """Begin the turns of hosts that are ready; return how long to wait before looking again, in seconds."""
        room = {"quick": self._slots.quick_free, "slow": self._slots.slow_free}
        if not any(room.values()) or not self._slices:
            return IDLE_SECONDS
        ours = {"slices": list(self._slices), "of": SLICES}
        given = {**room, **ours, "busy": list(self._busy), "now": self._clock()}
        try:
            async with self._pool.connection() as connection:
                lanes = await _ready(connection, {**given, "deliveries": PER_TURN})
                if not lanes:
                    return await _next_wake(connection, given)
            parcels = await self._parcels.of([each for lane in lanes for each in lane.deliveries])
        except (psycopg.OperationalError, *OTHER_VIEWS) as error:
            _log.warning("deliveries wait for the database: %s", error)
            return 1.0
        for lane in lanes:
            if lane.slice not in self._slices:  # it was given away while its parcels were made
                continue
            self._busy[lane.host] = lane.slice
            self._slots.take(lane.host, failing=lane.failures > 0)
            tasks.create_task(self._turn(lane, parcels))
        return 0.0

    async def _turn(self, lane: Lane, parcels: dict[int, Parcel]) -> None:
        async def send(delivery: Delivery, form: Form) -> Answer:
            parcel = parcels.get(delivery.position)
            if parcel is None:
                return Answer(status=None, form=form, forbidden=True)
            slow = asyncio.get_running_loop().call_later(SLOW_SECONDS, self._slow, lane.host)
            try:
                return await self._sender.send(parcel, delivery.url, form)
            finally:
                slow.cancel()

        try:
            rest = await take_turn(lane, send, self._ledger.tell, clock=self._clock, jitter=random.random)
        except Exception:
            # Our own fault, whatever it is: it must not stop the other lanes, nor this one for ever.
            _log.exception("the lane of %s failed", lane.host)
            rest = Rest(
                host=lane.host,
                form=lane.form,
                failures=lane.failures + 1,
                pace=Pace(),
                taken=False,
                wake_at=self._clock() + pause(lane.failures + 1, 0.0),
            )
        finally:
            self._slots.release(lane.host)
        self._ledger.rest(rest)
        self._changed.set()

    def _slow(self, host: str) -> None:
        self._slots.slow(host)
        self._changed.set()

    def _rested(self, hosts: Iterable[str]) -> None:
        for host in hosts:
            self._busy.pop(host, None)
        self._changed.set()

    async def _prune(self) -> None:
        while True:
            try:
                async with self._pool.connection() as connection:
                    await connection.execute(_SQL["prune"], {"now": self._clock()})
            except psycopg.OperationalError as error:
                _log.warning("old deliveries are not forgotten yet: %s", error)
            await asyncio.sleep(PRUNE_SECONDS)


async def _ready(connection: AsyncConnection[TupleRow], given: Mapping[str, object]) -> list[Lane]:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_SQL["ready"], given)
        rows = await cursor.fetchall()
    return [_lane([*waiting]) for _, waiting in groupby(rows, key=lambda row: row["host"])]


def _lane(rows: Sequence[dict[str, object]]) -> Lane:
    lane = msgspec.convert({**rows[0], "pace": rows[0], "deliveries": []}, Lane)
    lane.deliveries = [msgspec.convert(row, Delivery) for row in rows if row["position"] is not None]
    return lane


async def _next_wake(connection: AsyncConnection[TupleRow], given: Mapping[str, object]) -> float:
    row = await (await connection.execute(_SQL["next_wake"], given)).fetchone()
    seconds = row[0] if row is not None and row[0] is not None else IDLE_SECONDS
    return min(max(seconds, timedelta(milliseconds=10).total_seconds()), IDLE_SECONDS)
