"""Liveness says that the process answers; readiness that what it stands on does."""

from collections.abc import AsyncIterator

import httpx
import pytest
from psycopg_pool import AsyncConnectionPool
from redis.asyncio import Redis
from starlette.applications import Starlette

from fedi.web import health

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[AsyncConnectionPool]:
    async with AsyncConnectionPool(database_url, min_size=1, open=False) as opened:
        yield opened


async def ask(pool: AsyncConnectionPool, redis_url: str, path: str) -> httpx.Response:
    async with Redis.from_url(redis_url) as redis:
        transport = httpx.ASGITransport(Starlette(routes=health.routes(pool, redis)))
        async with httpx.AsyncClient(transport=transport, base_url="http://here.example") as client:
            return await client.get(path)


async def test_all_is_well(pool: AsyncConnectionPool, redis_url: str) -> None:
    assert (await ask(pool, redis_url, "/health")).text == "OK"
    ready = await ask(pool, redis_url, "/readyz")
    assert (ready.status_code, ready.json()) == (200, {"ready": True, "postgres": True, "redis": True})


async def test_without_redis_it_lives_but_is_not_ready(pool: AsyncConnectionPool) -> None:
    assert (await ask(pool, NOWHERE, "/health")).status_code == 200
    ready = await ask(pool, NOWHERE, "/readyz")
    assert (ready.status_code, ready.json()) == (503, {"ready": False, "postgres": True, "redis": False})


async def test_without_its_database_it_lives_but_is_not_ready(redis_url: str) -> None:
    nowhere = AsyncConnectionPool("postgresql://127.0.0.1:1/x", min_size=1, open=False, reconnect_timeout=0.1)
    async with nowhere:
        assert (await ask(nowhere, redis_url, "/health")).status_code == 200
        ready = await ask(nowhere, redis_url, "/readyz")
    assert (ready.status_code, ready.json()) == (503, {"ready": False, "postgres": False, "redis": True})
