"""Erasure: the payload goes, the place stays."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from fedi.events import Event, Recorded
from fedi.events.server import LogRedacted
from fedi.events.statuses import StatusBookmarked, StatusUnbookmarked
from fedi.log import reader, redaction
from fedi.log.drafts import Conflict
from fedi.log.insert import append_now
from tests.support.events import draft


@pytest.fixture
def conn(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield connection


def stub(recorded: Recorded) -> Event:
    assert isinstance(recorded.event, StatusBookmarked | StatusUnbookmarked)
    return StatusUnbookmarked(account_id=recorded.event.account_id, status_id=0)


def test_payloads_are_overwritten_and_their_place_stays(conn: psycopg.Connection[Any]) -> None:
    drafts = [draft(4242), draft(2), draft(4343)]
    positions = append_now(conn, drafts).positions
    before = reader.get(conn, positions)
    assert list(redaction.redact(conn, [positions[2], positions[0]], stub, "author")) == [positions[0], positions[2]]
    after = reader.get(conn, positions)
    assert [recorded.event for recorded in after] == [
        StatusUnbookmarked(account_id=1, status_id=0),
        StatusBookmarked(account_id=1, status_id=2),
        StatusUnbookmarked(account_id=1, status_id=0),
    ]
    for old, new in zip(before, after, strict=True):
        assert (old.position, old.identity, old.recorded_at, old.cause) == (
            new.position,
            new.identity,
            new.recorded_at,
            new.cause,
        )
    (said,) = reader.read(conn, positions[-1], 10)
    assert said.event == LogRedacted(positions=(positions[0], positions[2]), demand="author")
    with pytest.raises(Conflict):
        append_now(conn, [drafts[0]])


def test_doing_it_again_changes_nothing(conn: psycopg.Connection[Any]) -> None:
    positions = append_now(conn, [draft(9)]).positions
    redaction.redact(conn, positions, stub, "author")
    last = reader.last_position(conn)
    assert redaction.redact(conn, positions, stub, "author") == []
    assert reader.last_position(conn) == last


def test_many_are_done_in_several_transactions(conn: psycopg.Connection[Any]) -> None:
    positions = append_now(conn, [draft(n) for n in range(1, 1201)]).positions
    assert tuple(redaction.redact(conn, positions, stub, "origin")) == positions
    said = [recorded.event for recorded in reader.read(conn, positions[-1], 10)]
    assert [len(event.positions) for event in said if isinstance(event, LogRedacted)] == [500, 500, 200]


def test_nothing_changes_when_one_position_is_wrong(conn: psycopg.Connection[Any]) -> None:
    positions = append_now(conn, [draft(5)]).positions
    with pytest.raises(ValueError, match="holds nothing at"):
        redaction.redact(conn, [*positions, positions[-1] + 1], stub, "author")
    assert reader.get(conn, positions)[0].event == StatusBookmarked(account_id=1, status_id=5)
    assert reader.last_position(conn) == positions[-1]


def test_after_vacuum_no_copy_of_the_payload_is_left_in_the_table(conn: psycopg.Connection[Any]) -> None:
    def dead() -> int:
        row = conn.execute("SELECT dead_tuple_count FROM pgstattuple('log.events')").fetchone()
        assert row is not None
        return int(row[0])

    conn.execute("CREATE EXTENSION pgstattuple")
    conn.execute(redaction.VACUUM)
    positions = append_now(conn, [draft(77)]).positions
    redaction.redact(conn, positions, stub, "moderator")
    assert dead() == 1
    conn.execute(redaction.VACUUM)
    assert dead() == 0
