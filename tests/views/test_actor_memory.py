"""Remembered actors are what the views say."""

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from fedi.registry.pool import new_pool
from fedi.touched import EVERYTHING, Touched, payloads
from fedi.views.actor_memory import ActorMemory
from fedi.views.progress import Progress
from tests.support import views

Pg = AsyncConnection[psycopg.rows.TupleRow]


@pytest.fixture
async def pool(database_url: str, read: Pg) -> AsyncIterator[AsyncConnectionPool[Pg]]:
    async with new_pool(database_url, most=2) as opened:
        yield opened


@pytest.fixture
async def followed(database_url: str, read: Pg) -> AsyncIterator[Progress]:
    progress = Progress(database_url)
    await read.execute("UPDATE read.cursor SET position = 1")
    await progress.start()
    assert await progress.wait_for(1, within=5)
    yield progress
    await progress.stop()


async def tell(pg: Pg, progress: Progress, touched: Touched) -> None:
    """Tell of a commit, and wait until it is heard."""
    heard = asyncio.Event()
    progress.tell(lambda _: heard.set())
    for payload in payloads(progress.reached, progress.reached, touched):
        await pg.execute("SELECT pg_notify('fedi_views', %s)", [payload])
    await asyncio.wait_for(heard.wait(), 5)


async def test_it_asks_once_until_it_is_told(pool: AsyncConnectionPool[Pg], read: Pg, followed: Progress) -> None:
    ann = await views.account(read, "ann", document=b"{}", total_followers=3)
    memory = ActorMemory(pool, followed)
    first = await memory.named("ann")
    assert first is not None
    await read.execute("UPDATE read.accounts SET document = '{\"new\": 1}' WHERE id = %s", [ann])
    assert await memory.named("ANN") == first
    await tell(read, followed, Touched(accounts=(ann + 1,)))
    assert await memory.named("ann") == first
    await tell(read, followed, Touched(accounts=(ann,)))
    second = await memory.named("ann")
    assert second is not None
    assert second.document == b'{"new": 1}'
    await read.execute("DELETE FROM read.accounts WHERE id = %s", [ann])
    await tell(read, followed, EVERYTHING)
    assert await memory.named("ann") is None


async def test_whoever_is_not_there_is_asked_for_again(
    pool: AsyncConnectionPool[Pg], read: Pg, followed: Progress
) -> None:
    memory = ActorMemory(pool, followed)
    assert await memory.named("ann") is None
    await views.account(read, "ann", document=b"{}")
    assert await memory.named("ann") is not None


async def test_nothing_is_remembered_by_who_hears_nothing(pool: AsyncConnectionPool[Pg], read: Pg) -> None:
    ann = await views.account(read, "ann", document=b"{}")
    memory = ActorMemory(pool, Progress(""))
    assert await memory.named("ann") is not None
    await read.execute("DELETE FROM read.accounts WHERE id = %s", [ann])
    assert await memory.named("ann") is None
