"""What stands in the log and cannot be read: damaged, it is passed by; of a newer program, it is waited for."""

import logging
import threading
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from fedi.events import UnknownEventError
from fedi.log.insert import append_now
from fedi.projections import generation, runner
from fedi.projections.catalogue import projections
from fedi.projections.fold import fold
from tests.support import servers
from tests.support.events import draft
from tests.support.talking import live_views
from tests.support.whole import eventually

LAST = 6
ODD = 4
Connection = psycopg.Connection[Any]


@pytest.fixture
def url(admin_url: str) -> Iterator[str]:
    with servers.fresh_database(admin_url) as made:
        yield made


@pytest.fixture
def conn(url: str) -> Iterator[Connection]:
    """A log of which nothing is folded yet, with what looks at the live views."""
    with live_views(url) as connection:
        append_now(connection, [draft(number) for number in range(LAST)])
        connection.execute("ALTER TABLE log.events DISABLE TRIGGER USER")
        yield connection


def become(conn: Connection, version: int) -> None:
    conn.execute("UPDATE log.events SET version = %s WHERE notification_id = %s", [version, ODD])


def test_a_damaged_event_is_parked_and_the_rest_is_folded(conn: Connection, caplog: pytest.LogCaptureFixture) -> None:
    conn.execute("UPDATE log.events SET state = '}' WHERE notification_id = %s", [ODD])
    with caplog.at_level(logging.CRITICAL):
        while fold(conn, projections(), live=True):
            pass
    assert generation.position(conn) == LAST
    ((position, error),) = conn.execute("SELECT position, error FROM parked").fetchall()
    assert position == ODD
    assert f"the event at {ODD}: the payload is no status.bookmarked version 1" in error


@pytest.mark.parametrize("live", [True, False])
def test_what_a_newer_program_wrote_is_never_passed_by(conn: Connection, live: bool) -> None:
    become(conn, 99)
    assert fold(conn, projections(), live=live) is not None
    for _ in range(2):
        with pytest.raises(UnknownEventError):
            fold(conn, projections(), live=live)
    assert generation.position(conn) == ODD - 1
    become(conn, 1)
    while fold(conn, projections(), live=live):
        pass
    assert generation.position(conn) == LAST
    assert conn.execute("SELECT count(*) FROM parked").fetchone() == (0,)


def test_a_projector_lets_another_lead_while_it_waits_for_a_newer_program(
    url: str, redis_url: str, conn: Connection, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(runner, "WAIT", 0.1)
    become(conn, 99)
    stop = threading.Event()
    running = threading.Thread(target=runner.run, args=(url, redis_url, stop))
    with caplog.at_level(logging.ERROR, "fedi.projections.runner"):
        running.start()
        try:
            eventually(lambda: "which this program does not know" in caplog.text)
            eventually(lambda: generation.take(conn, "leader"))
            assert generation.position(conn) == ODD - 1
            become(conn, 1)
            conn.execute("SELECT pg_advisory_unlock_all()")
            eventually(lambda: generation.position(conn) == LAST)
        finally:
            stop.set()
            running.join()
