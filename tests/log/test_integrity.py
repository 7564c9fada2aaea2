"""What a disk or a hand did to the log is named by its position."""

import contextlib
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import psycopg
import pytest

from fedi.app import create_tables
from fedi.events import Event, Recorded
from fedi.events.activities import ActivityReceived
from fedi.log.drafts import Draft
from fedi.log.insert import append_now
from fedi.log.integrity import CHUNK, damages
from fedi.log.redaction import redact
from fedi.supervisor.embedded import Embedded
from tests.support import scratch, servers
from tests.support.events import draft

Connection = psycopg.Connection[Any]
BODY = b' {"id": "https://a.example/1", "actor": "https://a.example/u"}\n'
SIGNED = 2
PAGE = 8192


@pytest.fixture
def conn(admin_url: str) -> Iterator[Connection]:
    """A log of some events, the second of which was signed."""
    with servers.fresh_database(admin_url) as url, psycopg.connect(url, autocommit=True) as connection:
        received = ActivityReceived(
            document=msgspec.Raw(BODY),
            actor="https://a.example/u",
            key="https://a.example/u#key",
            signed_at=datetime(2026, 1, 1, tzinfo=UTC),
            digest=hashlib.sha256(BODY).hexdigest(),
        )
        append_now(connection, [draft(), Draft(identity=uuid4(), event=received), draft()])
        connection.execute("ALTER TABLE log.events DISABLE TRIGGER USER")
        yield connection


def found(connection: Connection) -> list[tuple[int, str]]:
    return [(damage.position, damage.finding) for damage in damages(connection)]


def test_a_log_as_it_was_written_is_whole(conn: Connection) -> None:
    append_now(conn, [draft() for _ in range(CHUNK)])
    assert found(conn) == []


@pytest.mark.parametrize(
    ("statement", "position", "finding"),
    [
        (
            "UPDATE log.events SET state = set_byte(state, 0, 0) WHERE notification_id = 1",
            1,
            "the payload is no status",
        ),
        ("UPDATE log.events SET version = 99 WHERE notification_id = 3", 3, "does not know"),
        ("DELETE FROM log.events WHERE notification_id = 2", 2, "it is not there"),
        ("UPDATE log.events SET recorded_at = '2001-01-01' WHERE notification_id = 3", 3, "older than the event"),
        (
            "UPDATE log.events SET state = overlay(state PLACING '2' FROM 32 FOR 1) WHERE notification_id = 2",
            SIGNED,
            "not as it was signed",
        ),
        (
            (
                "UPDATE log.events SET state ="
                " convert_to(replace(convert_from(state, 'UTF8'), ',\"actor\":', ', \"actor\":'), 'UTF8')"
                " WHERE notification_id = 2"
            ),
            SIGNED,
            "not as it was signed",
        ),
    ],
)
def test_what_is_wrong_is_named(conn: Connection, statement: str, position: int, finding: str) -> None:
    conn.execute(statement.encode())
    ((at, said),) = found(conn)
    assert at == position
    assert finding in said


def test_what_was_erased_is_not_damaged(conn: Connection) -> None:
    def stub(recorded: Recorded) -> Event:
        event = recorded.event
        assert isinstance(event, ActivityReceived)
        return msgspec.structs.replace(event, document=msgspec.Raw(b'{"erased": []}'))

    assert list(redact(conn, [SIGNED], stub, "author")) == [SIGNED]
    assert found(conn) == []


def test_a_page_that_rots_is_named_and_the_others_are_read() -> None:
    with scratch.directory() as directory:
        with _served(directory) as url:
            create_tables(url)
            with psycopg.connect(url, autocommit=True) as conn:
                append_now(conn, [draft() for _ in range(CHUNK)])
                conn.execute("CHECKPOINT")
                file = _one(
                    conn, "SELECT current_setting('data_directory') || '/' || pg_relation_filepath('log.events')"
                )
                rotten = conn.execute(
                    "SELECT array_agg(notification_id) FROM log.events WHERE ctid >= '(1,0)' AND ctid < '(2,0)'"
                ).fetchone()
        with Path(file).open("r+b") as pages:
            pages.seek(PAGE + PAGE // 2)
            (byte,) = pages.read(1)
            pages.seek(PAGE + PAGE // 2)
            pages.write(bytes([byte ^ 1]))
        with _served(directory) as url, psycopg.connect(url, autocommit=True) as conn:
            said = found(conn)
        assert rotten is not None
        assert [position for position, _ in said] == rotten[0]
        assert all("invalid page in block 1 of relation" in finding for _, finding in said)


@contextlib.contextmanager
def _served(directory: Path) -> Iterator[str]:
    parts = Embedded(directory, want_postgres=True, want_valkey=False, durable=False)
    try:
        assert parts.postgres is not None
        yield parts.postgres.url
    finally:
        parts.stop()


def _one(conn: Connection, statement: str) -> str:
    row = conn.execute(statement.encode()).fetchone()
    assert row is not None
    return str(row[0])
