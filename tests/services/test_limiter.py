import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from redis.asyncio import Redis

from fedi.services.limiter import Limit, Limiter, TooManyRequestsError

NOON = datetime(2026, 1, 2, 12, 0, 10, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.moment = NOON

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as client:
        await client.flushall()
        yield client


async def test_what_is_beyond_a_limit_is_refused_until_the_window_ends(redis: Redis, clock: Clock) -> None:
    limiter, other = Limiter(redis, clock), Limiter(redis, clock)
    limit = Limit("things", 3, 60)
    counts = [(await each.count([(limit, "a")]))[0] for each in (limiter, other, limiter, other)]
    assert [count.used for count in counts] == [1, 2, 3, 4]
    assert [count.remaining for count in counts] == [2, 1, 0, 0]
    assert [count.exceeded for count in counts] == [False, False, False, True]
    assert counts[0].resets_at == NOON.replace(minute=1, second=0)
    with pytest.raises(TooManyRequestsError):
        await limiter.require((limit, "a"))
    await limiter.require((limit, "b"))
    clock.moment += timedelta(seconds=50)
    await limiter.require((limit, "a"))


async def test_who_floods_costs_redis_nothing(redis: Redis, clock: Clock) -> None:
    limiter, limit = Limiter(redis, clock), Limit("things", 1, 60)
    for _ in range(2):
        await limiter.count([(limit, "a")])
    (key,) = await redis.keys()
    for _ in range(5):
        (count,) = await limiter.count([(limit, "a")])
        assert count.exceeded
    assert await redis.get(key) == b"2"
    assert 0 < await redis.ttl(key) <= 51


async def test_what_comes_together_is_counted_in_one_round_trip(redis: Redis, clock: Clock) -> None:
    limiter, limit = Limiter(redis, clock), Limit("things", 100, 60)
    await limiter.count([(limit, "a")])
    before = (await redis.info("commandstats"))["cmdstat_evalsha"]["calls"]
    counts = await asyncio.gather(*(limiter.count([(limit, "a"), (limit, str(each))]) for each in range(40)))
    assert sorted(count[0].used for count in counts) == list(range(2, 42))
    assert {count[1].used for count in counts} == {1}
    assert (await redis.info("commandstats"))["cmdstat_evalsha"]["calls"] - before == 1


async def test_redis_away_means_no_counting_and_one_line(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    async with Redis.from_url("redis://127.0.0.1:1/0") as redis:
        limiter, limit = Limiter(redis, clock), Limit("things", 1, 60)
        with caplog.at_level(logging.WARNING):
            for _ in range(5):
                assert await limiter.count([(limit, "a")]) == ()
                await limiter.require((limit, "a"))
    assert [record.message.partition(":")[0] for record in caplog.records] == [
        "requests are not counted while Redis is away"
    ]


async def test_a_fault_of_ours_keeps_nobody_waiting(redis: Redis, clock: Clock) -> None:
    limiter = Limiter(redis, clock)
    with mock.patch.object(limiter, "_count", side_effect=RuntimeError):
        assert await limiter.count([(Limit("things", 1, 60), "a")]) == ()
