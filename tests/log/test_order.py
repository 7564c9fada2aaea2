"""A reader that tails the log misses nothing, whatever else happens to the table.

This is the promise everything is folded by: a position is never seen before a lower one.
"""

import contextlib
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from fedi.events import Event, Recorded
from fedi.events.statuses import StatusUnbookmarked
from fedi.log import reader, redaction
from fedi.log.drafts import Conflict
from fedi.log.insert import append_now
from tests.support.events import draft

WRITERS = 64
SECONDS = 3.0


class Tail:
    """Follows the log as a projector does; `seen` is what it read, in the order in which it read it."""

    def __init__(self, url: str) -> None:
        self.seen: list[int] = []
        self._url = url

    def run(self, stop: threading.Event) -> None:
        with psycopg.connect(self._url, autocommit=True) as conn:
            reader.listen(conn)
            after = 0
            while True:
                over = stop.is_set()
                for stored in reader.read_stored(conn, after, 50):
                    after = stored.position
                    self.seen.append(after)
                if over and after == reader.last_position(conn):
                    return
                reader.wait_for_events(conn, 0.02)


def write(url: str, stop: threading.Event, appended: list[int]) -> None:
    """Append in transactions that are slow to commit, or that roll back."""
    chance = random.Random()
    with psycopg.connect(url) as conn:
        while not stop.is_set():
            with conn.transaction(force_rollback=chance.random() < 0.2) as transaction:
                positions = append_now(conn, [draft(n) for n in range(chance.randint(1, 5))]).positions
                time.sleep(chance.choice([0, 0, 0.001, 0.004]))
            if not transaction.force_rollback:
                appended += positions


def in_a_loop(url: str, stop: threading.Event, act: Callable[[psycopg.Connection[Any]], object]) -> int:
    """Do something again and again on a connection of its own; returns how often."""
    times = 0
    with psycopg.connect(url, autocommit=True) as conn:
        while not stop.is_set():
            act(conn)
            times += 1
    return times


def stub(recorded: Recorded) -> Event:
    return StatusUnbookmarked(account_id=1, status_id=random.randint(1, 10**6))


def redact_some(conn: psycopg.Connection[Any]) -> None:
    last = reader.last_position(conn)
    if last > 100:
        wanted = [
            stored.position for stored in reader.read_stored(conn, last - 100, 20) if stored.name != "log.redacted"
        ]
        redaction.redact(conn, wanted, stub, "author")


def test_a_tail_misses_nothing_and_sees_everything_in_order(database_url: str) -> None:
    stop, tails_stop = threading.Event(), threading.Event()
    appended: list[int] = []
    tails = [Tail(database_url) for _ in range(2)]
    with ThreadPoolExecutor(WRITERS + 8) as pool:
        following = [pool.submit(tail.run, tails_stop) for tail in tails]
        writing = [pool.submit(write, database_url, stop, appended) for _ in range(WRITERS)]
        disturbing = {
            "vacuum": pool.submit(in_a_loop, database_url, stop, lambda conn: conn.execute(redaction.VACUUM)),
            "analyze": pool.submit(in_a_loop, database_url, stop, lambda conn: conn.execute("ANALYZE log.events")),
            "redact": pool.submit(in_a_loop, database_url, stop, redact_some),
        }
        time.sleep(SECONDS)
        stop.set()
        busy: list[Future[Any]] = [*writing, *disturbing.values()]
        wait(busy)
        tails_stop.set()
        for each in writing:
            each.result()
        times = {name: each.result() for name, each in disturbing.items()}
        for each in following:
            each.result()
    assert len(appended) > 200
    assert all(count >= 3 for count in times.values()), times
    for tail in tails:
        assert tail.seen == list(range(1, len(tail.seen) + 1))
        assert set(appended) <= set(tail.seen)


def test_writers_racing_for_one_identity_leave_no_half_unit(database_url: str) -> None:
    start = threading.Barrier(WRITERS)
    shared = [uuid4() for _ in range(10)]

    def race(url: str) -> int:
        won = 0
        with psycopg.connect(url, autocommit=True) as conn:
            start.wait(30)
            for identity in shared:
                unit = [draft(1), draft(2, identity=identity), draft(3)]
                with contextlib.suppress(Conflict):
                    append_now(conn, unit)
                    won += 1
        return won

    with psycopg.connect(database_url, autocommit=True) as conn:
        before = reader.last_position(conn)
        with ThreadPoolExecutor(WRITERS) as pool:
            won = sum(pool.map(race, [database_url] * WRITERS))
        events = reader.read(conn, before, 1000)
    assert won == len(shared)
    assert len(events) == 3 * len(shared)
    assert {recorded.identity for recorded in events[1::3]} == set(shared)


@pytest.mark.parametrize("isolation", [psycopg.IsolationLevel.REPEATABLE_READ, psycopg.IsolationLevel.SERIALIZABLE])
def test_a_stale_snapshot_ends_in_an_error_not_in_a_gap(database_url: str, isolation: psycopg.IsolationLevel) -> None:
    with psycopg.connect(database_url) as stale, psycopg.connect(database_url, autocommit=True) as quick:
        stale.isolation_level = isolation
        stale.execute("SELECT 1 FROM log.events LIMIT 1")
        append_now(quick, [draft()])
        with pytest.raises(psycopg.Error):
            append_now(stale, [draft()])
