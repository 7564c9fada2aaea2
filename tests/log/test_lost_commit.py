"""A session that breaks between COMMIT and its answer: nobody is told wrong, nothing is stored twice."""

import asyncio
import os
import socket
import time
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import psycopg
import pytest

from fedi.errors import Unavailable
from fedi.log import reader, writer
from fedi.log.appender import Appender
from fedi.log.drafts import Conflict, Unit
from fedi.log.insert import Answer, Call, append_now, insert_prepared, send_prepared
from fedi.sql import is_outage
from tests.support.events import draft


class Insert(Protocol):
    def __call__(self, conn: psycopg.Connection[Any], units: Sequence[Unit], *, tell: bool) -> list[Answer]: ...


LOCK = "SELECT pg_advisory_xact_lock(7378413967429627751)"


@pytest.fixture
def conn(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield connection


def fail_once(monkeypatch: pytest.MonkeyPatch, broken: Insert) -> None:
    """Let the writer's first insertion be `broken`."""
    remaining = [broken]

    async def replaced(conn: psycopg.Connection[Any], call: Call, *, tell: bool) -> list[Answer]:
        if remaining:
            return remaining.pop()(conn, call.units, tell=tell)
        return await send_prepared(conn, call, tell=tell)

    monkeypatch.setattr(writer, "send_prepared", replaced)


def commit_then_break(conn: psycopg.Connection[Any], units: Sequence[Unit], *, tell: bool) -> list[Answer]:
    insert_prepared(conn, units, tell=tell)
    conn.close()
    raise psycopg.OperationalError("the answer was lost")


def break_before(conn: psycopg.Connection[Any], units: Sequence[Unit], *, tell: bool) -> list[Answer]:
    conn.close()
    raise psycopg.OperationalError("the question was lost")


def break_while_it_waits(conn: psycopg.Connection[Any], units: Sequence[Unit], *, tell: bool) -> list[Answer]:
    """Leave a session behind that goes on waiting for its turn: the server does not know that nobody listens."""
    (unit,) = units
    rows = psycopg.ClientCursor(conn).mogrify(
        "SELECT * FROM log.append(ARRAY[1], %s::uuid[], %s::text[], ARRAY[1], ARRAY[NULL]::bigint[], %s::bytea[])",
        [list(unit.identities), list(unit.names), list(unit.payloads)],
    )
    conn.pgconn.send_query(rows.encode())
    conn.pgconn.flush()
    time.sleep(0.1)
    conn.close()
    raise psycopg.OperationalError("the network is gone")


@pytest.mark.parametrize("broken", [commit_then_break, break_before])
async def test_a_broken_session_is_no_loss_and_no_second_copy(
    conn: psycopg.Connection[Any], database_url: str, monkeypatch: pytest.MonkeyPatch, broken: Insert
) -> None:
    fail_once(monkeypatch, broken)
    start = reader.last_position(conn)
    async with Appender(database_url) as appender:
        units = [[draft(1), draft(2)], [draft(3)]]
        answers = await asyncio.gather(*(appender.append(unit) for unit in units))
    assert sorted(position for answer in answers for position in answer.positions) == [start + 1, start + 2, start + 3]
    for unit, answer in zip(units, answers, strict=True):
        stored = reader.get(conn, answer.positions)
        assert [recorded.identity for recorded in stored] == [each.identity for each in unit]
        assert {recorded.recorded_at for recorded in stored} == {answer.recorded_at}
    assert reader.last_position(conn) == start + 3


async def test_after_a_fault_of_the_program_the_next_appends_are_taken(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(conn: psycopg.Connection[Any], units: Sequence[Unit], *, tell: bool) -> list[Answer]:
        conn.pgconn.send_query(b"SELECT pg_sleep(10)")
        raise ValueError(units, tell)

    fail_once(monkeypatch, break_off)
    async with Appender(database_url) as appender:
        with pytest.raises(Unavailable):
            await appender.append([draft(1)])
        assert (await appender.append([draft(2)])).positions


async def test_what_stood_there_before_is_still_a_conflict(
    conn: psycopg.Connection[Any], database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = draft(1)
    append_now(conn, [taken])
    fail_once(monkeypatch, commit_then_break)
    async with Appender(database_url) as appender:
        with pytest.raises(Conflict):
            await appender.append([draft(2, identity=taken.identity)])


async def test_a_session_left_behind_is_ended_before_anything_is_said(
    conn: psycopg.Connection[Any], database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would append after the look-up, and the second try would meet its own event as a conflict."""
    fail_once(monkeypatch, break_while_it_waits)
    start = reader.last_position(conn)
    async with Appender(database_url) as appender:
        with conn.transaction():
            conn.execute(LOCK)
            append = asyncio.create_task(appender.append([draft(1)]))
            await asyncio.sleep(0.6)
            assert waiting(conn) == 1
        assert (await append).positions == (start + 1,)
    assert reader.last_position(conn) == start + 1


async def test_when_nothing_can_be_found_out_the_waiter_hears_so(
    conn: psycopg.Connection[Any], database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "SETTLE_SECONDS", 0.3)
    fail_once(monkeypatch, break_before)
    async with Appender(database_url) as appender:
        with monkeypatch.context() as patch:
            patch.setattr(writer, "insert_prepared", break_before)
            with pytest.raises(Unavailable):
                await appender.append([draft(1)])
        start = reader.last_position(conn)
        assert (await appender.append([draft(1)])).positions == (start + 1,)


def test_whoever_appends_alone_knows_a_lost_connection_for_an_outage(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as lost:
        with socket.socket(fileno=os.dup(lost.fileno())) as wire:
            wire.shutdown(socket.SHUT_RDWR)
        with pytest.raises(psycopg.Error) as caught:
            append_now(lost, [draft(1)])
    assert is_outage(caught.value)


def waiting(conn: psycopg.Connection[Any]) -> int:
    row = conn.execute(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    ).fetchone()
    assert row is not None
    return int(row[0])
