"""Reading in order, by position and by identity; waiting; payloads of newer and older programs."""

import threading
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from fedi.events import UnknownEventError
from fedi.events.statuses import StatusBookmarked
from fedi.log import lookup, reader
from fedi.log.insert import append_now
from tests.support.events import draft


@pytest.fixture
def conn(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield connection


def append(conn: psycopg.Connection[Any], count: int) -> list[int]:
    return list(append_now(conn, [draft(n) for n in range(count)]).positions)


def test_reading_on_returns_everything_once_whatever_the_limit(conn: psycopg.Connection[Any]) -> None:
    start = reader.last_position(conn)
    positions = append(conn, 10)
    for limit in (1, 3, 100):
        after, seen = start, []
        while batch := reader.read(conn, after, limit):
            seen += [recorded.position for recorded in batch]
            after = batch[-1].position
        assert seen == positions
    assert reader.last_position(conn) == positions[-1]


def test_times_are_utc_whatever_the_session_says(conn: psycopg.Connection[Any]) -> None:
    conn.execute("SET timezone = 'Asia/Kathmandu'")
    appended = append_now(conn, [draft()])
    (recorded,) = reader.get(conn, appended.positions)
    assert recorded.recorded_at.isoformat() == appended.recorded_at.isoformat()
    assert recorded.recorded_at.isoformat().endswith("+00:00")


async def test_events_are_found_by_position_and_by_identity(
    conn: psycopg.Connection[Any], pg: psycopg.AsyncConnection[Any]
) -> None:
    one = draft(7)
    (position,) = append_now(conn, [one]).positions
    (recorded,) = reader.get(conn, [position, position + 1000])
    assert recorded == await lookup.by_identity(pg, one.identity)
    assert (recorded.identity, recorded.event) == (one.identity, StatusBookmarked(account_id=1, status_id=7))
    assert await lookup.by_identity(pg, uuid4()) is None


def test_what_a_newer_program_wrote_can_be_shown_but_not_folded(conn: psycopg.Connection[Any]) -> None:
    with conn.transaction(force_rollback=True):
        (position,) = append(conn, 1)
        conn.execute("UPDATE log.events SET version = 99 WHERE notification_id = %s", [position])
        (stored,) = reader.get_stored(conn, [position])
        assert (stored.name, stored.version) == ("status.bookmarked", 99)
        assert stored.payload == b'{"account_id":1,"status_id":0}'
        with pytest.raises(UnknownEventError, match="version 99"):
            reader.get(conn, [position])


def test_waiting_ends_when_something_is_appended(conn: psycopg.Connection[Any], database_url: str) -> None:
    def later() -> None:
        time.sleep(0.05)
        with psycopg.connect(database_url) as other:
            append(other, 3)

    reader.listen(conn)
    assert not reader.wait_for_events(conn, 0.01)
    thread = threading.Thread(target=later)
    thread.start()
    assert reader.wait_for_events(conn, 10)
    thread.join()
    assert not reader.wait_for_events(conn, 0.01)


def test_what_was_appended_between_reading_and_waiting_is_noticed(
    conn: psycopg.Connection[Any], database_url: str
) -> None:
    reader.listen(conn)
    with psycopg.connect(database_url, autocommit=True) as other:
        append(other, 1)
    reader.read(conn, reader.last_position(conn), 10)
    assert reader.wait_for_events(conn, 10)


def test_what_is_heard_is_the_highest_position(conn: psycopg.Connection[Any], database_url: str) -> None:
    reader.listen(conn)
    assert reader.heard(conn, 0.01) == 0
    with psycopg.connect(database_url, autocommit=True) as other:
        append(other, 1)
        append(other, 2)
    last = reader.last_position(conn)
    told = [reader.heard(conn, 10)]
    while told[-1] not in (0, last):
        told.append(reader.heard(conn, 10))
    assert told[-1] == last
    assert reader.heard(conn, 0.01) == 0
