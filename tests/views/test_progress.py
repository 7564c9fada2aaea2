import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest
from psycopg import AsyncConnection
from redis.asyncio import Redis

from fedi.touched import Touched, payloads
from fedi.views import progress
from fedi.views.progress import Progress
from fedi.views.written import Written

Pg = AsyncConnection[psycopg.rows.TupleRow]


async def reach(pg: Pg, position: int) -> None:
    await pg.execute("UPDATE read.cursor SET position = %s", [position])
    for payload in payloads(position, position, Touched()):
        await pg.execute("SELECT pg_notify('fedi_views', %s)", [payload])


@pytest.fixture
async def cursor(pg: Pg) -> Pg:
    await pg.execute("DROP SCHEMA IF EXISTS read CASCADE")
    await pg.execute("CREATE SCHEMA read")
    await pg.execute("CREATE TABLE read.cursor (position bigint NOT NULL)")
    await pg.execute("INSERT INTO read.cursor VALUES (7)")
    return pg


@pytest.fixture
async def following(database_url: str, cursor: Pg) -> AsyncIterator[Progress]:
    followed = Progress(database_url)
    await followed.start()
    yield followed
    await followed.stop()


async def test_what_the_views_hold_already_is_not_waited_for(following: Progress) -> None:
    assert await following.wait_for(7, within=5)
    assert await following.wait_for(3, within=0)


async def test_a_commit_wakes_those_whose_position_it_reached_and_nobody_else(following: Progress, cursor: Pg) -> None:
    assert await following.wait_for(7, within=5)
    waits = [asyncio.create_task(following.wait_for(position, within=5)) for position in (9, 8, 12)]
    await asyncio.sleep(0)
    await reach(cursor, 9)
    assert await waits[0]
    assert await waits[1]
    assert not waits[2].done()
    await reach(cursor, 12)
    assert await waits[2]


async def test_a_position_that_is_not_reached_is_given_up_in_time(following: Progress) -> None:
    assert not await following.wait_for(100, within=0.02)


async def test_who_gave_up_is_forgotten_and_who_waits_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(progress, "CROWD", 10)
    followed = Progress("")
    waiting = asyncio.create_task(followed.wait_for(50, within=5))
    for position in range(100, 2_100):
        assert not await followed.wait_for(position, within=0)
    assert len(followed._waiters) <= 11
    followed._hear("[0,50]")
    assert await waiting


async def test_a_lost_notification_is_caught_by_the_safety_reading(
    database_url: str, cursor: Pg, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "SAFETY", 0.05)
    followed = Progress(database_url)
    await followed.start()
    assert await followed.wait_for(7, within=5)
    await cursor.execute("UPDATE read.cursor SET position = 8")
    assert await followed.wait_for(8, within=5)
    await followed.stop()


async def test_a_broken_connection_is_made_again(
    following: Progress, cursor: Pg, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "RETRY", 0.01)
    assert await following.wait_for(7, within=5)
    await cursor.execute("UPDATE read.cursor SET position = 8")
    await cursor.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    assert await following.wait_for(8, within=5)


async def test_views_that_do_not_exist_yet_are_waited_for(
    database_url: str, pg: Pg, monkeypatch: pytest.MonkeyPatch
) -> None:
    await pg.execute("DROP SCHEMA IF EXISTS read CASCADE")
    followed = Progress(database_url)
    await followed.start()
    assert not await followed.wait_for(1, within=0.2)
    await pg.execute("SELECT pg_notify('fedi_views', '[0,1]')")
    assert await followed.wait_for(1, within=5)
    await followed.stop()


async def test_another_process_waits_for_what_a_person_wrote_here(
    following: Progress, cursor: Pg, redis_url: str
) -> None:
    async with Redis.from_url(redis_url) as redis:
        here, there = Written(redis, following), Written(redis, following)
        assert not await here.note(5, 20, within=0.01)
        assert not await there.catch_up(5, within=0.01)
        assert await there.catch_up(6, within=0)
        await reach(cursor, 20)
        assert await there.catch_up(5, within=5)


async def test_what_is_read_meanwhile_is_read_again_if_another_process_knows_of_more(
    following: Progress, cursor: Pg, redis_url: str
) -> None:
    read: list[int] = []
    read_early = asyncio.Event()

    async def reading() -> int:
        read.append(following.reached)
        if len(read) == 3:
            read_early.set()
        return following.reached

    async with Redis.from_url(redis_url) as redis:
        await redis.flushall()
        here, there = Written(redis, following), Written(redis, following)
        assert await following.wait_for(7, within=5)
        assert await here.read_to_post(1, reading, within=5) == (7, None)
        await there.remember(1, 7)
        assert await here.read_to_post(1, reading, within=5) == (7, None)
        assert read == [7, 7]
        await there.remember(1, 8)
        waiting = asyncio.create_task(here.read_to_post(1, reading, within=5))
        await read_early.wait()
        await reach(cursor, 8)
        assert await waiting == (8, None)
        assert read == [7, 7, 7, 8]


async def test_what_this_process_knows_of_is_waited_for_before_it_is_read(
    following: Progress, cursor: Pg, redis_url: str
) -> None:
    read: list[int] = []

    async def reading() -> None:
        read.append(following.reached)

    async with Redis.from_url(redis_url) as redis:
        await redis.flushall()
        here = Written(redis, following)
        assert await following.wait_for(7, within=5)
        await here.remember(1, 9)
        waiting = asyncio.create_task(here.read_to_post(1, reading, within=5))
        await asyncio.sleep(0)
        await reach(cursor, 9)
        await waiting
        assert read == [9]


async def test_who_posts_again_waits_for_no_post_and_is_told_how_many_they_have(
    following: Progress, cursor: Pg, redis_url: str
) -> None:
    async def reading() -> int:
        return following.reached

    async with Redis.from_url(redis_url) as redis:
        await redis.flushall()
        here, there = Written(redis, following), Written(redis, following)
        assert await following.wait_for(7, within=5)
        await here.remember(1, 8, 21)
        for each in (here, there):
            assert await each.read_to_post(1, reading, within=5) == (7, 21)
            assert not await each.catch_up(1, within=0.01)
        await there.remember(1, 9, 22)
        assert await here.read_to_post(1, reading, within=5) == (7, 22)
        await there.remember(1, 10)
        waiting = asyncio.create_task(here.read_to_post(1, reading, within=5))
        await reach(cursor, 10)
        assert await waiting == (10, None)
        await here.remember(1, 11, 23)
        await reach(cursor, 11)
        assert await following.wait_for(11, within=5)
        assert await there.read_to_post(1, reading, within=5) == (11, None)


async def test_without_redis_a_person_still_writes_and_this_process_remembers(following: Progress, cursor: Pg) -> None:
    async with Redis.from_url("redis://127.0.0.1:1") as redis:
        written = Written(redis, following)
        assert not await written.note(5, 30, within=0.01)
        assert not await written.catch_up(5, within=0.01)
        await reach(cursor, 30)
        assert await written.catch_up(5, within=5)
