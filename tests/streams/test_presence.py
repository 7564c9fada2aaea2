"""Who listens is a reader of home timelines, and gets one where there is none."""

from redis.asyncio import Redis

from fedi import homes
from fedi.shares import ALL
from fedi.streams.presence import are_here


async def test_everybody_counts_and_who_has_no_timeline_wants_one(redis_url: str) -> None:
    people, with_one = range(1, 41), range(1, 41, 2)
    async with Redis.from_url(redis_url, decode_responses=True) as store:
        await store.flushall()
        for account in with_one:
            await store.sadd(homes.filled(homes.slice_of(account)), str(account))
        await are_here(store, people)
        readers = {each: set(await store.zrange(homes.readers(each), 0, -1)) for each in ALL}
        wanted = {each: set(await store.smembers(homes.wanted(each))) for each in ALL}
    assert readers == {each: {str(one) for one in people if homes.slice_of(one) == each} for each in ALL}
    assert set().union(*wanted.values()) == {str(account) for account in people if account not in with_one}
    assert all(wanted[each] <= readers[each] for each in ALL)
