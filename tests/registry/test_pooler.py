"""pgbouncer before the database: what is prepared where it can be, and what a web process does through it."""

import asyncio
from collections.abc import Iterator

import pytest

from fedi.registry.pool import new_pool
from tests.support.pooler import SESSIONS, pooler

CLIENTS = 3 * SESSIONS
OFTEN = 40


@pytest.fixture(scope="module")
def pooled_url(database_url: str) -> Iterator[str]:
    with pooler(database_url) as url:
        yield url


async def test_sessions_change_hands_and_nobody_notices(pooled_url: str) -> None:
    """Whether or not the pooler can prepare: statements of one name, rollbacks that take back what was prepared."""

    async def one(number: int) -> None:
        async with new_pool(pooled_url, most=1, through_pooler=True) as pool, pool.connection() as connection:
            for turn in range(OFTEN):
                statement = f"SELECT {number + turn % 7}, %s::int"
                async with connection.transaction(force_rollback=turn % 5 == 0):
                    found = await (await connection.execute(statement, [number])).fetchone()
                assert found == (number + turn % 7, number)

    await asyncio.gather(*(one(number) for number in range(CLIENTS)))


async def test_what_is_prepared_stands_in_the_sessions_under_the_poolers_names(pooled_url: str) -> None:
    async with new_pool(pooled_url, most=1, through_pooler=True) as pool, pool.connection() as connection:
        for number in range(OFTEN):
            await connection.execute("SELECT %s::int", [number])
        found = await connection.execute("SELECT FROM pg_prepared_statements WHERE name LIKE '\\_pg3\\_%'")
        assert found.rowcount == 0
