"""The pool: through a pooler in transaction mode no session may be counted on, and who is cancelled hears of it."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import PoolTimeout

from fedi.registry import pool as pool_module
from fedi.registry.pool import RECONNECT_SECONDS, Pool, new_pool, pool_of_one, standby_pool

OFTEN = 10
PREPARED = "SELECT count(*) FROM pg_prepared_statements"


@pytest.mark.parametrize(("through_pooler", "prepared"), [(True, False), (False, True)])
async def test_nothing_is_prepared_through_a_pooler(database_url: str, through_pooler: bool, prepared: bool) -> None:
    async with new_pool(database_url, most=1, through_pooler=through_pooler) as pool, pool.connection() as connection:
        for number in range(OFTEN):
            await connection.execute("SELECT %s::int", [number])
        row = await (await connection.execute(PREPARED)).fetchone()
    assert row is not None
    assert (row[0] > 0) == prepared


async def test_questions_that_come_again_and_again_are_planned_once(database_url: str) -> None:
    """And the connection is not there until somebody asks."""
    plans = "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE '%% + 0'"
    async with pool_of_one(database_url) as pool:
        assert pool.get_stats()["pool_size"] == 0
        for number in range(3):
            async with pool.connection() as connection:
                await connection.execute("SELECT %s::int + 0", [number])
        async with pool.connection() as connection:
            assert await (await connection.execute(plans)).fetchall() == [(3, 0)]
        assert pool.get_stats()["pool_size"] == 1


@pytest.mark.parametrize(("plans_once", "plans"), [(True, (10, 0)), (False, (5, 5))])
async def test_who_reads_much_has_no_plan_made_for_each_value(
    database_url: str, plans_once: bool, plans: tuple[int, int]
) -> None:
    """Left to itself the database makes one for each of the first, and then for each of all if it hopes for better."""
    made = "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE '%% LIMIT $1'"
    async with new_pool(database_url, most=1, plans_once=plans_once) as pool, pool.connection() as connection:
        connection.prepare_threshold = 0
        for number in range(10):
            await connection.execute("SELECT relname FROM pg_class ORDER BY relname DESC LIMIT %s", [number])
        assert await (await connection.execute(made)).fetchone() == plans


@pytest.mark.parametrize("make", [partial(new_pool, plans_once=True), standby_pool])
async def test_a_plan_that_is_kept_for_readers_is_not_that_of_a_small_table(
    database_url: str, make: Callable[..., Pool]
) -> None:
    async with make(database_url, most=1) as pool, pool.connection(timeout=10) as connection:
        asked = "SELECT current_setting('plan_cache_mode'), current_setting('enable_seqscan')"
        assert await (await connection.execute(asked)).fetchone() == ("force_generic_plan", "off")


async def test_who_is_cancelled_as_a_connection_comes_ends_and_the_next_gets_it(database_url: str) -> None:
    async with new_pool(database_url, most=1) as pool:

        async def work_for_ever() -> None:
            async with pool.connection():
                await asyncio.Event().wait()

        held = await pool.getconn()
        working = asyncio.create_task(work_for_ever())
        for _ in range(10):
            await asyncio.sleep(0)
        assert pool.get_stats()["requests_waiting"] == 1
        await pool.putconn(held)
        working.cancel()
        await asyncio.wait({working}, timeout=5)
        assert working.cancelled()
        async with pool.connection(timeout=5) as lent:
            assert lent is held


async def test_questions_that_come_together_share_a_connection(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool_module, "HESITATION_SECONDS", 60.0)
    async with new_pool(database_url, most=8) as pool:

        async def ask() -> None:
            async with pool.connection() as connection:
                await connection.execute("SELECT 1")

        await pool.wait()
        await asyncio.gather(*(ask() for _ in range(20)))
        assert pool.get_stats()["pool_size"] == 1


async def test_who_has_to_wait_gets_a_connection_of_their_own(database_url: str) -> None:
    """As many as may be, one for each who waits; and whoever holds one may ask for another."""
    async with new_pool(database_url, most=3) as pool, pool.connection(), pool.connection(5), pool.connection(5):
        assert pool.get_stats()["pool_size"] == 3


async def test_who_comes_to_an_empty_pool_waits_for_nobody(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "HESITATION_SECONDS", 60.0)
    async with pool_of_one(database_url) as pool, pool.connection(5):
        assert pool.get_stats()["pool_size"] == 1


async def test_connections_that_nobody_needs_any_more_are_closed(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool_module, "IDLE_SECONDS", 0.1)
    async with new_pool(database_url, most=2) as pool:
        async with pool.connection(), pool.connection(5):
            assert pool.get_stats()["pool_size"] == 2
        for _ in range(100):
            if pool.get_stats()["pool_size"] == 1:
                break
            await asyncio.sleep(0.05)
        assert pool.get_stats()["pool_size"] == 1


async def test_a_database_that_was_away_is_found_soon_after_it_is_back(database_url: str, tmp_path: Path) -> None:
    """By way of a link to where its socket is: without the link nobody reaches it."""
    server = conninfo_to_dict(database_url)
    link = tmp_path / "server"
    link.symlink_to(str(server["host"]))
    async with new_pool(make_conninfo(database_url, host=str(link)), most=1) as pool:
        lost = await pool.getconn()
        link.unlink()
        with pytest.raises(psycopg.OperationalError):
            await lost.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        await pool.putconn(lost)
        with pytest.raises(PoolTimeout):
            await pool.getconn(RECONNECT_SECONDS + 0.5)
        link.symlink_to(str(server["host"]))
        async with pool.connection(timeout=2.5) as connection:
            assert await (await connection.execute("SELECT 1")).fetchone() == (1,)
