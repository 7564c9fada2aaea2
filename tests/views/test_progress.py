import asyncio

import pytest

from fedi.views import progress
from fedi.views.progress import Progress
from tests.support.following import Pg, reach


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
