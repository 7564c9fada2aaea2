"""What API tests share: the parts of the program on real stores."""

from collections.abc import AsyncIterator

import pytest
from psycopg_pool import AsyncConnectionPool
from redis.asyncio import Redis

from fedi import clock
from fedi.api.deps import Deps, Pool
from fedi.registry.access import Access
from fedi.settings import Settings
from fedi.views.progress import Progress
from fedi.views.written import Written
from tests.support.reader import World
from tests.support.reader import world as build


@pytest.fixture
async def deps(database_url: str, redis_url: str) -> AsyncIterator[Deps]:
    settings = Settings()
    pool: Pool = AsyncConnectionPool(database_url, min_size=1, max_size=4, open=False)
    async with pool, Redis.from_url(redis_url) as redis:
        yield Deps(
            site=settings.site,
            settings=settings,
            pool=pool,
            redis=redis,
            clock=clock.now,
            access=Access(pool, clock.now),
            written=Written(redis, Progress(database_url)),
        )


@pytest.fixture
async def world(deps: Deps) -> World:
    return await build(deps)
