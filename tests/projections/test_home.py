"""Home timelines in Redis are what the query over the views says, whatever was said and however it came."""

import threading
from collections import defaultdict
from collections.abc import Collection, Iterator
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
from fedi.projections import feeds, generation, runner
from fedi.projections.announcements import CHANNEL, Announcement
from fedi.projections.audiences import Audience, Audiences
from fedi.projections.catalogue import projections
from fedi.projections.feeding import Feeding
from fedi.projections.feeds import Feeds
from fedi.projections.fold import fold
from fedi.projections.news import News
from fedi.projections.pace import AT_ONCE
from fedi.projections.runner import Live
from fedi.projections.verify import verify
from fedi.shares import ALL, SLICES
from tests.support.talking import live_views, say
from tests.support.world import World

decode = msgspec.json.Decoder(list[Announcement]).decode


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection[Any]]:
    with live_views(database_url) as opened:
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


@pytest.mark.parametrize(("seed", "length"), [(15, homes.LENGTH), (17, 2)])
def test_timelines_in_redis_equal_the_query(
    connection: Connection[Any],
    store: Redis,
    database_url: str,
    redis_url: str,
    seed: int,
    length: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if length < homes.LENGTH:
        monkeypatch.setattr(homes, "LENGTH", length)
        monkeypatch.setattr(feeds, "SAID", length)
        monkeypatch.setattr(feeds, "OF_EACH", 2)
    world = World(seed)
    everybody_reads(store, world)
    live = Live(store)
    write_all(connection, store)
    say(connection, world.events(500))
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
    say(connection, world.events(200))
    fold_all(connection, live, limit=50)
    write_all(connection, store)
    say(connection, world.events(60))
    while fold(connection, projections(), live=True):  # Redis is away, or a rebuild folds the last events itself
        pass
    everybody_reads(store, world)
    live.idle(generation.position(connection))
    write_all(connection, store)
    position = str(generation.position(connection))
    assert store.mget([homes.cursor(each) for each in ALL]) == [position] * SLICES
    assert differing(database_url, redis_url) == []


@pytest.mark.parametrize("form", ["", "2:"])
def test_timelines_of_an_earlier_form_are_filled_again(
    connection: Connection[Any], store: Redis, database_url: str, redis_url: str, form: str
) -> None:
    world = World(seed=16)
    say(connection, world.events(200))
    fold_all(connection, Live(store), limit=50)
    store.flushall()
    position, earlier = generation.position(connection), set[str]()
    for person in world.local:
        each = homes.slice_of(person.account_id)
        filled, cursor = f"home:filled:{form}{each}", f"home:cursor:{form}{each}"
        store.zadd(homes.timeline(person.account_id), {"0117000000000000001": 0})
        store.zadd(homes.readers(each), {str(person.account_id): 2_000_000_000})
        store.sadd(filled, str(person.account_id))
        store.set(cursor, position)
        earlier |= {filled, cursor}
    write_all(connection, store)
    assert store.exists(*earlier) == 0
    assert not any(store.smembers(homes.filled(each)) for each in ALL), "nobody's is read as it was"
    everybody_reads(store, world)
    write_all(connection, store)
    assert sum(store.scard(homes.filled(each)) for each in ALL) == len(world.local)
    assert differing(database_url, redis_url) == []


POST = 10**17
NEWS = News(before=4, position=5, new={POST: True})


def gather(store: Redis, crowd: range) -> dict[int, int]:
    """Let some people be here, whose timelines are whole; return how far all are written."""
    store.flushall()
    for reader in crowd:
        store.zadd(homes.readers(homes.slice_of(reader)), {str(reader): 2_000_000_000})
        store.sadd(homes.filled(homes.slice_of(reader)), str(reader))
    store.mset({homes.cursor(each): 4 for each in ALL})
    return dict.fromkeys(ALL, 4)


def all_follow(_: Audiences, statuses: Collection[int], readers: Collection[int]) -> Audience:
    reading = {status: list(readers) for status in statuses}
    return Audience(defaultdict(list, reading), defaultdict(list), {})


def test_a_crowd_is_written_in_pieces_between_which_others_are_answered(
    connection: Connection[Any], store: Redis
) -> None:
    crowd, each = range(1 << 20, (1 << 20) + 250 * SLICES, SLICES), homes.slice_of(1 << 20)
    gather(store, crowd)
    with (
        mock.patch.object(Audiences, "of", all_follow),
        mock.patch.object(Pipeline, "execute", autospec=True, side_effect=Pipeline.execute) as executed,
    ):
        assert Feeds(store, connection).advance(NEWS, {each: 4})
    assert executed.call_count == 1 + -(-len(crowd) // AT_ONCE), "who reads; and the last piece goes with the telling"
    assert all(store.zscore(homes.timeline(reader), homes.member(POST)) == 0 for reader in crowd)


def test_the_oldest_of_a_full_timeline_makes_room_for_what_is_new(
    connection: Connection[Any], store: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(homes, "LENGTH", 2)
    gather(store, range(1, 2))
    writing = Feeds(store, connection)
    with mock.patch.object(Audiences, "of", all_follow):
        for before in (4, 5, 6):
            news = News(before=before, position=before + 1, new={POST + before: True})
            assert writing.advance(news, dict.fromkeys(ALL, before))
    assert store.zrange(homes.timeline(1), 0, -1) == [homes.member(POST + 6), homes.member(POST + 5)]


def test_a_crowd_is_told_in_parts_and_each_of_it_once(connection: Connection[Any], store: Any) -> None:
    crowd = range(1, 101)
    cursors = gather(store, crowd)
    with (
        store.pubsub() as ears,
        mock.patch.object(Audiences, "of", all_follow),
        mock.patch("fedi.projections.feeds.TOGETHER", 30),
    ):
        ears.subscribe(CHANNEL)
        assert ears.get_message(timeout=5)["type"] == "subscribe"
        assert Feeds(store, connection).advance(NEWS, cursors)
        said = [decode(ears.get_message(timeout=5)["data"]) for _ in range(4)]
        assert not Feeds(store, connection).advance(NEWS, cursors), "who comes too late tells nobody"
        assert ears.get_message(timeout=0.1) is None
    assert sorted(reader for (one,) in said for reader in one.homes) == list(crowd)
    assert {(one.event, one.id) for (one,) in said} == {("update", POST)}
    assert store.mget([homes.cursor(each) for each in ALL]) == ["5"] * SLICES
    assert all(store.zscore(homes.timeline(reader), homes.member(POST)) == 0 for reader in crowd)


def test_who_comes_while_a_batch_is_written_is_told_of_it(connection: Connection[Any], store: Any) -> None:
    cursors, feeds = gather(store, range(1, 41)), Feeds(store, connection)
    reading: list[set[int]] = []

    def all_follow_and_somebody_comes(_: Audiences, statuses: Collection[int], readers: Collection[int]) -> Audience:
        if statuses:
            reading.append(set(readers))
        if len(reading) == 1:
            store.zadd(homes.readers(homes.slice_of(41)), {"41": 2_000_000_000})
        return all_follow(_, statuses, readers)

    with store.pubsub() as ears, mock.patch.object(Audiences, "of", all_follow_and_somebody_comes):
        ears.subscribe(CHANNEL)
        assert ears.get_message(timeout=5)["type"] == "subscribe"
        assert feeds.advance(NEWS, cursors)
        (one,) = decode(ears.get_message(timeout=5)["data"])
        assert ears.get_message(timeout=0.1) is None
        assert sorted(one.homes) == list(range(1, 42))
        assert [len(each) for each in reading] == [40, 41]
        feeds.hold(ALL - {homes.slice_of(41)})
        store.zrem(homes.readers(homes.slice_of(41)), "41")
        store.zadd(homes.readers(homes.slice_of(41)), {str(41 + SLICES): 2_000_000_000})
        again = News(before=5, position=6, new={POST + 1: True})
        assert feeds.advance(again, dict.fromkeys(ALL, 5))
    assert 41 not in reading[-1], "who had the slice meanwhile let somebody go"


def test_who_reads_is_looked_up_anew_where_redis_lost_it(connection: Connection[Any], store: Redis) -> None:
    feeds = Feeds(store, connection)
    with mock.patch.object(Audiences, "of", all_follow):
        assert feeds.advance(NEWS, gather(store, range(1, 2)))
        cursors = gather(store, range(1 + SLICES, 2 + SLICES))
        feeds.begin(cursors, 4)
        gather(store, range(1 + SLICES, 2 + SLICES))
        assert feeds.advance(NEWS, cursors)
    assert store.zrange(homes.timeline(1 + SLICES), 0, -1) == [homes.member(POST)]


def test_a_page_may_begin_at_an_id_that_no_status_has(store: Redis) -> None:
    ids = [1 << 40, 10**17 - 1, 10**17, 10**18 - 2]
    store.delete("ids")
    store.zadd("ids", {homes.member(each): 0 for each in ids})
    for bound in (-(2**63), -1, 0, 10**17 + 1, 10**18, 2**63 - 1):
        below = [homes.status(each) for each in store.zrangebylex("ids", f"({homes.member(bound)}", "+")]
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
