"""Home timelines in Redis are what the query over the views says, whatever was said and however it came."""

import threading
from collections.abc import Iterator
from typing import Any
from unittest import mock
from uuid import uuid4

import msgspec
import psycopg
import pytest
from psycopg import Connection
from redis import Redis
from redis.client import Pipeline

from fedi import homes
from fedi.log.drafts import Draft
from fedi.log.insert import append_now
from fedi.projections import generation, runner
from fedi.projections.announcements import CHANNEL, Announcement
from fedi.projections.catalogue import projections
from fedi.projections.feeding import Feeding
from fedi.projections.feeds import AT_ONCE, Audience, Feeds, Reading
from fedi.projections.fold import fold
from fedi.projections.news import News
from fedi.projections.runner import Live
from fedi.projections.verify import verify
from fedi.shares import ALL, SLICES
from tests.support.world import World

decode = msgspec.json.Decoder(list[Announcement]).decode


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection[Any]]:
    with psycopg.connect(database_url, autocommit=True) as opened:
        runner.prepare(opened)
        generation.look_at(opened, generation.LIVE)
        yield opened


@pytest.fixture
def store(redis_url: str) -> Iterator[Redis]:
    with Redis.from_url(redis_url, decode_responses=True) as opened:
        yield opened


def everybody_reads(store: Redis, world: World) -> None:
    for person in world.local:
        each = homes.slice_of(person.account_id)
        store.zadd(homes.readers(each), {str(person.account_id): 2_000_000_000})
        store.sadd(homes.wanted(each), str(person.account_id))


def write_all(connection: Connection[Any], store: Redis) -> None:
    """Let two who share the timelines write them, each its slices."""
    one, other = Feeding(connection, store), Feeding(connection, store)
    while [feeding.step(slices, wait=1) for feeding, slices in ((one, range(7)), (other, range(7, SLICES)))] != [
        False
    ] * 2:
        pass


def fold_all(connection: Connection[Any], live: Live, limit: int) -> None:
    while folded := fold(connection, projections(), live=True, limit=limit):
        live.told(folded)
    live.idle(generation.position(connection))


def differing(database_url: str, redis_url: str) -> list[str]:
    verdict = verify(database_url, redis_url)
    return [f"{each.name}: {each.difference}" for each in verdict.compared if not each.equal]


def test_timelines_in_redis_equal_the_query(
    connection: Connection[Any], store: Redis, database_url: str, redis_url: str
) -> None:
    world = World(seed=15)
    everybody_reads(store, world)
    live = Live(store)
    write_all(connection, store)
    for event in world.events(500):
        append_now(connection, [Draft(identity=uuid4(), event=event)])
    fold_all(connection, live, limit=9)
    write_all(connection, store)
    assert differing(database_url, redis_url) == []
    lengths = {person.name: store.zcard(homes.timeline(person.account_id)) for person in world.local}
    assert sum(lengths.values()) > 3, lengths

    store.flushall()
    everybody_reads(store, world)
    live.idle(generation.position(connection))
    write_all(connection, store)
    assert differing(database_url, redis_url) == []
    assert lengths == {person.name: store.zcard(homes.timeline(person.account_id)) for person in world.local}


def test_timelines_that_missed_the_last_events_do_not_wait_for_the_next(
    connection: Connection[Any], store: Redis, database_url: str, redis_url: str
) -> None:
    world = World(seed=12)
    everybody_reads(store, world)
    live = Live(store)
    for event in world.events(200):
        append_now(connection, [Draft(identity=uuid4(), event=event)])
    fold_all(connection, live, limit=50)
    write_all(connection, store)
    for event in world.events(60):
        append_now(connection, [Draft(identity=uuid4(), event=event)])
    while fold(connection, projections(), live=True):  # Redis is away, or a rebuild folds the last events itself
        pass
    everybody_reads(store, world)
    live.idle(generation.position(connection))
    write_all(connection, store)
    position = str(generation.position(connection))
    assert store.mget([homes.cursor(each) for each in ALL]) == [position] * SLICES
    assert differing(database_url, redis_url) == []


def test_timelines_of_an_earlier_form_are_filled_again(
    connection: Connection[Any], store: Redis, database_url: str, redis_url: str
) -> None:
    world = World(seed=16)
    for event in world.events(200):
        append_now(connection, [Draft(identity=uuid4(), event=event)])
    fold_all(connection, Live(store), limit=50)
    store.flushall()
    position, earlier = generation.position(connection), set[str]()
    for person in world.local:
        each = homes.slice_of(person.account_id)
        former = dict(zip(("filled", "cursor"), homes.outdated(each), strict=True))
        store.zadd(homes.timeline(person.account_id), {"0117000000000000001": 0})
        store.zadd(homes.readers(each), {str(person.account_id): 2_000_000_000})
        store.sadd(former["filled"], str(person.account_id))
        store.set(former["cursor"], position)
        earlier |= set(former.values())
    write_all(connection, store)
    assert store.exists(*earlier) == 0
    assert not any(store.smembers(homes.filled(each)) for each in ALL), "nobody's is read as it was"
    everybody_reads(store, world)
    write_all(connection, store)
    assert sum(store.scard(homes.filled(each)) for each in ALL) == len(world.local)
    assert differing(database_url, redis_url) == []


def test_a_crowd_is_written_in_pieces_between_which_others_are_answered(
    connection: Connection[Any], store: Redis
) -> None:
    readers, status = range(1, 251), 10**17
    for reader in readers:
        store.sadd(homes.filled(homes.slice_of(reader)), str(reader))
    feeds = Feeds(store, connection)
    with mock.patch.object(Pipeline, "execute", autospec=True, side_effect=Pipeline.execute) as executed:
        feeds.write([Reading(reader, status) for reader in readers])
    assert executed.call_count == -(-len(readers) // AT_ONCE)
    assert all(store.zscore(homes.timeline(reader), homes.member(status)) == 0 for reader in readers)


def test_a_crowd_is_told_in_parts_and_each_of_it_once(connection: Connection[Any], store: Any) -> None:
    store.flushall()
    crowd, post = range(1, 101), 10**17
    for reader in crowd:
        store.zadd(homes.readers(homes.slice_of(reader)), {str(reader): 2_000_000_000})
        store.sadd(homes.filled(homes.slice_of(reader)), str(reader))
    store.mset({homes.cursor(each): 4 for each in ALL})
    news, cursors = News(before=4, position=5, new={post: True}), dict.fromkeys(ALL, 4)

    def all_follow(_: Feeds, ids: list[int], readers: set[int]) -> Audience:
        return Audience([Reading(reader, each) for reader in readers for each in ids], [])

    with (
        store.pubsub() as ears,
        mock.patch.object(Feeds, "_audience", all_follow),
        mock.patch("fedi.projections.feeds.TOGETHER", 30),
    ):
        ears.subscribe(CHANNEL)
        assert ears.get_message(timeout=5)["type"] == "subscribe"
        assert Feeds(store, connection).advance(news, cursors)
        said = [decode(ears.get_message(timeout=5)["data"]) for _ in range(4)]
        assert not Feeds(store, connection).advance(news, cursors), "who comes too late tells nobody"
        assert ears.get_message(timeout=0.1) is None
    assert sorted(reader for (one,) in said for reader in one.homes) == list(crowd)
    assert {(one.event, one.id) for (one,) in said} == {("update", post)}
    assert store.mget([homes.cursor(each) for each in ALL]) == ["5"] * SLICES
    assert all(store.zscore(homes.timeline(reader), homes.member(post)) == 0 for reader in crowd)


def test_a_page_may_begin_at_an_id_that_no_status_has(store: Redis) -> None:
    ids = [1 << 40, 10**17 - 1, 10**17, 10**18 - 2]
    store.delete("ids")
    store.zadd("ids", {homes.member(each): 0 for each in ids})
    for bound in (-(2**63), -1, 0, 10**17 + 1, 10**18, 2**63 - 1):
        below = [int(each) for each in store.zrevrangebylex("ids", f"({homes.member(bound)}", "-")]
        assert below == [each for each in reversed(ids) if each < bound]


def test_the_runner_folds_what_is_appended_and_stops_when_told(database_url: str, redis_url: str) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=runner.run, args=(database_url, redis_url, stop))
    thread.start()
    try:
        with psycopg.connect(database_url, autocommit=True) as appending:
            appended = None
            for event in World(seed=12).events(5)[1:]:
                appended = append_now(appending, [Draft(identity=uuid4(), event=event)])
            assert appended is not None
            appending.execute("LISTEN fedi_views")
            for _ in range(100):
                if generation.exists(appending) and generation.position(appending) >= appended.positions[-1]:
                    break
                list(appending.notifies(timeout=0.1, stop_after=1))
            assert generation.position(appending) == appended.positions[-1]
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()
