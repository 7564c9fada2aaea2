"""This process's part of the deliveries: the hosts of its slices, for as long as it has them.

Every process of the role sends. Which hosts are whose follows from `shares`: a host is one process's at a time, so its
deliveries keep their order, and when a process dies the others have its hosts within a second or two.
"""

import asyncio
import logging
from collections.abc import Callable

import psycopg
from psycopg import AsyncConnection

from fedi import shares
from fedi.effects.deliver import CHANNEL
from fedi.effects.deps import Deps
from fedi.effects.lanes import Lanes
from fedi.effects.linking import Linking
from fedi.shares import Shares

RETRY_SECONDS = 1.0
_log = logging.getLogger(__name__)


async def deliver(deps: Deps) -> None:
    """Send what waits for the hosts of this process's slices, until cancelled."""
    while True:
        try:
            having = await asyncio.to_thread(_join, deps.database_url)
        except psycopg.OperationalError as error:
            _log.warning("deliveries wait for the database: %s", error)
        else:
            try:
                await _send(deps, having)
            finally:
                having.close()
        await asyncio.sleep(RETRY_SECONDS)


def _join(database_url: str) -> Shares:
    return Shares(shares.connect(database_url, "deliveries"), shares.DELIVERIES)


async def _send(deps: Deps, having: Shares) -> None:
    """Send until the right to do so is lost: others may send from then on."""
    settings = deps.settings
    lanes = Lanes(
        database_url=deps.database_url,
        pool=deps.pool,
        http=deps.http,
        clock=deps.means.clock,
        synchronizes_followers=not settings.disable_followers_synchronization,
        linking=Linking(deps.means.clock, ends_only=settings.secure_mode) if settings.linked_data_signatures else None,
        slices=frozenset(),
    )
    async with asyncio.TaskGroup() as tasks:
        working = [tasks.create_task(lanes.run()), tasks.create_task(_hear(deps.database_url, lanes.wake))]
        await _hold(having, lanes)
        for task in working:
            task.cancel()


async def _hold(having: Shares, lanes: Lanes) -> None:
    while True:
        try:
            lanes.hold(await asyncio.to_thread(having.look, lanes.busy_slices()))
        except psycopg.OperationalError as error:
            _log.warning("the right to deliver is lost: %s", error)
            return
        await asyncio.sleep(shares.SECONDS)


async def _hear(database_url: str, wake: Callable[[], None]) -> None:
    """Wake whenever something was queued, by whichever process."""
    while True:
        try:
            async with await AsyncConnection.connect(database_url, autocommit=True) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                wake()
                async for _ in connection.notifies():
                    wake()
        except psycopg.OperationalError as error:
            _log.warning("what is queued is noticed late: %s", error)
        await asyncio.sleep(RETRY_SECONDS)
