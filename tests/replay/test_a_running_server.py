"""Folding anew while people read, and losing Redis: nobody notices, and everything comes out equal."""

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from redis import Redis

from fedi import homes
from fedi.shares import ALL
from tests.support.whole import Server, eventually, server


@pytest.fixture(scope="module")
def here(admin_url: str) -> Iterator[Server]:
    with server(admin_url, ("ann", "bob")) as started:
        ann, bob = started.people["ann"], started.people["bob"]
        bob.account_follow(bob.account_lookup("ann"))
        first = ann.status_post("one, two")
        for number in range(12):
            ann.status_post(f"post {number} #counting")
        bob.status_favourite(first.id)
        bob.status_reblog(first.id)
        bob.status_post("@ann three", in_reply_to_id=first.id)
        ann.status_update(first.id, "one, two, ...")
        yield started


def home_of(here: Server, name: str) -> list[str]:
    return [status.id for status in here.people[name].timeline_home(limit=40)]


def verified(here: Server) -> dict[str, Any]:
    done = here.run("projections", "verify", "--all", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    verdict: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return verdict


def test_people_read_on_while_everything_is_folded_anew(here: Server) -> None:
    expected = home_of(here, "bob")
    assert len(expected) >= 14
    seen: list[list[str]] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.append(home_of(here, "bob"))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for _ in range(2):
            rebuilt = here.run("projections", "rebuild", "--all")
            assert rebuilt.returncode == 0, rebuilt.stderr
    finally:
        done.set()
        reader.join()
    assert len(seen) > 3
    assert all(each == expected for each in seen)
    assert verified(here)["equal"]


def test_folding_anew_delivers_nothing_notifies_nobody_and_streams_nothing(here: Server) -> None:
    ann = here.people["ann"]
    with psycopg.connect(here.database, autocommit=True) as connection, Redis.from_url(here.cache) as store:
        notified = [each.id for each in ann.notifications()]
        assert len(notified) == 4
        with store.pubsub(ignore_subscribe_messages=True) as ears:
            ears.subscribe("fedi:stream")
            assert here.run("projections", "rebuild", "--all").returncode == 0
            assert ears.get_message(timeout=0.5) is None
            ann.status_post("the next thing is told again")
            assert eventually(lambda: ears.get_message(timeout=0.5)) is not None
        assert [each.id for each in ann.notifications()] == notified
        assert deliveries(connection) == 0


def deliveries(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute("SELECT count(*) FROM effects.deliveries").fetchone()
    assert row is not None
    return int(row[0])


def test_a_lost_redis_is_not_noticed_and_timelines_come_back_equal(here: Server) -> None:
    before = {name: home_of(here, name) for name in ("ann", "bob")}
    with Redis.from_url(here.cache, decode_responses=True) as store:
        store.flushall()
        assert {name: home_of(here, name) for name in ("ann", "bob")} == before
        eventually(lambda: sum(store.scard(homes.filled(each)) for each in ALL) == 2)
    assert {name: home_of(here, name) for name in ("ann", "bob")} == before
    verdict = verified(here)
    timelines = {each["name"]: each for each in verdict["compared"] if each["name"].startswith("home:")}
    assert len(timelines) == 2
    assert all(each["equal"] and each["rows"] >= 13 for each in timelines.values())


NOISE = b"\xff\x00noise"


def test_a_damaged_redis_is_not_noticed_and_timelines_come_back_equal(here: Server) -> None:
    bob = int(here.people["bob"].me().id)
    each = homes.slice_of(bob)
    with Redis.from_url(here.cache) as store:
        damages: dict[str, Callable[[], object]] = {
            "a post": lambda: store.zadd(homes.timeline(bob), {NOISE: 0}),
            "how far it is written": lambda: store.set(homes.cursor(each), NOISE),
            "what was folded": lambda: store.xadd(homes.FOLDED, {"news": NOISE}),
            "who wants one": lambda: store.sadd(homes.wanted(each), NOISE),
            "what bob wrote": lambda: store.set(f"fedi:written:{bob}", NOISE),
            "that bob writes": lambda: store.set(f"fedi:writing:{bob}", NOISE),
        }
        before = home_of(here, "bob")
        for what, damage in damages.items():
            eventually(lambda: home_of(here, "bob") and store.sismember(homes.filled(each), str(bob)))
            damage()
            assert home_of(here, "bob") == before, what
            before = [here.people["ann"].status_post(f"it goes on without {what}").id, *before]
            _comes(here, before)
            store.zrem(homes.timeline(bob), NOISE)
        eventually(lambda: home_of(here, "bob") and store.sismember(homes.filled(each), str(bob)))
    assert home_of(here, "bob") == before
    assert verified(here)["equal"]


def _comes(here: Server, home: list[str]) -> None:
    eventually(lambda: home_of(here, "bob") == home)
