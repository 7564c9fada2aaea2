"""Who writes here reads it there: what processes tell each other, and what they do when nobody can tell."""

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar

import pytest
from psycopg import OperationalError
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as LostError

from fedi.homes import cursor, filled, slice_of
from fedi.registry.pool import Pool, new_pool
from fedi.views import write_marks
from fedi.views.home import HomeTimelines
from fedi.views.pages import Page
from fedi.views.progress import Progress
from fedi.views.write_marks import NOTHING, Last, Marks
from fedi.views.written import Written
from tests.support.following import Pg, reach

T = TypeVar("T")


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    async with new_pool(database_url, most=2) as connections:
        yield connections


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as store:
        await store.flushall()
        yield store


@pytest.fixture
async def log(cursor: Pg) -> Pg:
    """A connection to a database whose log goes as far as position 20."""
    await cursor.execute("""
        INSERT INTO log.events (originator_id, notification_id, recorded_at, version, topic, state)
        VALUES (gen_random_uuid(), 20, now(), 1, 'something', '{}') ON CONFLICT DO NOTHING""")
    return cursor


@pytest.fixture
async def here(following: Progress, pool: Pool, redis: Redis) -> Written:
    """One process, which knows that the views have come to position 7."""
    assert await following.wait_for(7, within=5)
    return Written(redis, pool, following)


@pytest.fixture
def there(following: Progress, pool: Pool, redis: Redis) -> Written:
    """Another one, which is told the same of the views."""
    return Written(redis, pool, following)


async def all_told(written: Written) -> None:
    """Wait until Redis has been told of all that was written here."""
    await asyncio.gather(*written._telling)


async def read_to_post(
    written: Written, account_id: int, reading: Callable[[], Awaitable[T]], within: float
) -> tuple[T, Last | None]:
    """Look at something while it is asked what was written before, as handlers do."""
    async with written.writing(account_id) as about_to:
        found, held = await written.look(account_id, reading, within)
        return found, written.since(account_id, held, await about_to.before())


async def test_who_reads_elsewhere_between_commit_and_its_telling_waits_for_all_that_was_said(
    here: Written, there: Written, log: Pg, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = asyncio.Event()
    tell = here._marks.tell

    async def tell_late(*told: Any) -> None:
        await late.wait()
        await tell(*told)

    monkeypatch.setattr(here._marks, "tell", tell_late)
    async with here.writing(5) as writing:
        assert await writing.before() is not None
        writing.stands(20, 3)
    assert not await there.catch_up(5, within=0.01)
    assert await there.catch_up(6, within=0)
    await reach(log, 20)
    assert await there.catch_up(5, within=5)
    late.set()
    await all_told(here)
    assert await redis.get("fedi:written:5") == b"20 3"
    assert not await redis.exists("fedi:writing:5")


async def test_who_posts_elsewhere_in_that_moment_may_have_read_too_early(
    here: Written, there: Written, following: Progress, log: Pg
) -> None:
    async def reading() -> int:
        return following.reached

    async with here.writing(1) as writing:
        assert await writing.before() is not None
        assert await read_to_post(there, 1, reading, within=5) == (7, Last(20))
        await all_told(there)
        assert await read_to_post(here, 1, reading, within=5) == (7, None)
        await reach(log, 20)
        assert await following.wait_for(20, within=5)
        assert await read_to_post(there, 1, reading, within=5) == (20, None)


async def test_a_home_timeline_is_not_read_from_redis_while_somebody_writes(here: Written, redis: Redis) -> None:
    homes = HomeTimelines(redis)
    await redis.sadd(filled(slice_of(5)), 5)
    await redis.set(cursor(slice_of(5)), 7)
    assert await homes.page(5, Page(limit=20), *here.last_known(5)) is not None
    async with here.writing(5) as writing:
        assert await writing.before() is not None
        assert await homes.page(5, Page(limit=20), *here.last_known(5)) is None
    await all_told(here)
    assert await homes.page(5, Page(limit=20), *here.last_known(5)) is not None


@pytest.mark.usefixtures("log")
async def test_one_mark_is_not_taken_back_with_another(here: Written, there: Written, redis: Redis) -> None:
    async with here.writing(5) as slow:
        assert await slow.before() == NOTHING
        async with here.writing(5) as quick:
            assert await quick.before() == NOTHING
            quick.stands(7, 1)
        await all_told(here)
        assert await redis.get("fedi:written:5") == b"7 1"
        assert not await there.catch_up(5, within=0.01)
        slow.stands(6, 1)
    await all_told(here)
    assert await redis.get("fedi:written:5") == b"7 1"
    assert await there.catch_up(5, within=0.01)


async def test_what_somebody_wrote_last_counts_though_it_is_not_answered_last(here: Written) -> None:
    async with here.writing(5) as slow:
        async with here.writing(5) as quick:
            assert await quick.before() is not None
            quick.stands(9, 2)
        assert await slow.before() is not None
        slow.stands(8, 1)
    assert here.last_known(5)[1] == 9
    await here.remember(5, 7)
    assert here.last_known(5)[1] == 9


async def test_of_what_came_to_nothing_nothing_is_told(here: Written, there: Written, redis: Redis) -> None:
    with contextlib.suppress(ValueError):
        async with here.writing(5) as writing:
            assert await writing.before() is not None
            raise ValueError
    await all_told(here)
    assert not await redis.exists("fedi:writing:5", "fedi:written:5")
    assert await there.catch_up(5, within=0)


async def test_of_a_mark_that_failed_nobody_complains_who_went_away_before(
    here: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    complaints = list[object]()
    asyncio.get_running_loop().set_exception_handler(lambda _, complaint: complaints.append(complaint))

    async def lost(*_: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(here._marks, "set", lost)
    with contextlib.suppress(ValueError):
        async with here.writing(5) as writing:
            writing.begin()
            await asyncio.sleep(0)
            raise ValueError
    await all_told(here)
    del writing
    gc.collect()
    assert complaints == []


async def test_a_mark_that_is_late_is_taken_back_all_the_same(
    here: Written, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    late, set_mark = asyncio.Event(), here._marks.set

    async def set_late(*given: Any) -> Any:
        await late.wait()
        return await set_mark(*given)

    monkeypatch.setattr(here._marks, "set", set_late)
    async with here.writing(5) as writing:  # and the person has gone
        writing.begin()
    await asyncio.sleep(0)
    late.set()
    await writing.before()
    await all_told(here)
    assert not await redis.exists("fedi:writing:5")


async def test_a_mark_of_who_died_is_forgotten(here: Written, redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_marks, "LIFE", 1)
    async with here.writing(5) as writing:
        assert await writing.before() is not None
        assert 0 < await redis.ttl("fedi:writing:5") <= 1


async def test_a_mark_of_who_died_is_forgotten_though_the_person_goes_on_writing(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write_marks, "LIFE", 1)
    here, there = Marks(redis), Marks(redis)
    await there.set(5, there.new())
    for mark in (here.new(), here.new()):
        await asyncio.sleep(0.6)
        before = await here.set(5, mark)
        await here.tell(5, Last(7), mark)
    assert before == Last(7)


@pytest.mark.parametrize("error", [LostError, OperationalError, asyncio.InvalidStateError])
async def test_who_could_leave_no_mark_is_answered_when_redis_has_their_position(
    here: Written, redis: Redis, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """Whatever failed: what they said may be in the log already, and would be said again."""

    async def lost(*_: Any) -> None:
        raise error

    monkeypatch.setattr(here._marks, "set", lost)
    async with here.writing(5) as writing:
        assert await writing.before() is None
        writing.stands(20, 3)
    assert await redis.get("fedi:written:5") == b"20 3"


async def test_another_process_waits_for_what_a_person_wrote_here(here: Written, there: Written, cursor: Pg) -> None:
    assert not await here.note(5, 20, within=0.01)
    assert not await there.catch_up(5, within=0.01)
    assert await there.catch_up(6, within=0)
    await reach(cursor, 20)
    assert await there.catch_up(5, within=5)


async def test_of_what_was_read_it_is_known_whether_another_process_knows_of_more(
    here: Written, there: Written, following: Progress, cursor: Pg
) -> None:
    async def reading() -> int:
        return following.reached

    assert await read_to_post(here, 1, reading, within=5) == (7, None)
    await there.remember(1, 7)
    assert await read_to_post(here, 1, reading, within=5) == (7, None)
    await there.remember(1, 8)
    assert await read_to_post(here, 1, reading, within=5) == (7, Last(8))
    await reach(cursor, 8)
    assert await following.wait_for(8, within=5)
    assert await read_to_post(here, 1, reading, within=5) == (8, None)


async def test_what_this_process_knows_of_is_waited_for_before_it_is_read(
    here: Written, following: Progress, cursor: Pg
) -> None:
    read: list[int] = []

    async def reading() -> None:
        read.append(following.reached)

    await here.remember(1, 9)
    waiting = asyncio.create_task(read_to_post(here, 1, reading, within=5))
    await asyncio.sleep(0)
    await reach(cursor, 9)
    await waiting
    assert read == [9]


async def posted(written: Written, position: int, statuses: int) -> None:
    async with written.writing(1) as writing:
        assert await writing.before() is not None
        writing.stands(position, statuses)
    await all_told(written)


async def test_who_posts_again_waits_for_no_post_and_is_told_how_many_they_have(
    here: Written, there: Written, following: Progress, cursor: Pg
) -> None:
    async def reading() -> int:
        return following.reached

    await posted(here, 8, 21)
    for each in (here, there):
        assert await read_to_post(each, 1, reading, within=5) == (7, Last(8, 21))
        assert not await each.catch_up(1, within=0.01)
    await posted(there, 9, 22)
    assert await read_to_post(here, 1, reading, within=5) == (7, Last(9, 22))
    await there.remember(1, 10)
    assert await read_to_post(here, 1, reading, within=5) == (7, Last(10))
    await posted(here, 11, 23)
    await reach(cursor, 11)
    assert await following.wait_for(11, within=5)
    assert await read_to_post(there, 1, reading, within=5) == (11, None)


async def test_without_redis_a_person_still_writes_and_this_process_remembers(
    following: Progress, cursor: Pg, pool: Pool
) -> None:
    async def reading() -> int:
        return following.reached

    async with Redis.from_url("redis://127.0.0.1:1") as redis:
        written = Written(redis, pool, following)
        assert not await written.note(5, 30, within=0.01)
        assert not await written.catch_up(5, within=0.01)
        await reach(cursor, 30)
        assert await written.catch_up(5, within=5)
        async with written.writing(5) as writing:
            assert await writing.before() is None
            writing.stands(40, 1)
        assert not await written.catch_up(5, within=0.01)
        assert await read_to_post(written, 5, reading, within=0.01) == (30, Last(40, 1))
        await reach(cursor, 40)
        assert await written.catch_up(5, within=5)
