"""What is sent to the database without waiting: answers, failures, and what is told meanwhile are where they belong."""

import logging
import select
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
import psycopg
import pytest
from psycopg import Connection, Cursor
from psycopg.errors import PipelineAborted
from psycopg.pq import TransactionStatus

from fedi.copying import MANY
from fedi.facts import Entry
from fedi.log import reader
from fedi.meaning import references
from fedi.projections import generation, notification_marks
from fedi.projections.announcements import Announcement
from fedi.projections.catalogue import projections
from fedi.projections.flowing import Flowing
from fedi.projections.fold import fold
from fedi.projections.projection import Asking, Projection
from fedi.projections.rebuild import fold_aside
from fedi.sql import is_outage
from tests.support.compared import differences
from tests.support.talking import live_views, say
from tests.support.world import World


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection[Any]]:
    with live_views(database_url) as opened:
        yield opened


def fold_all(connection: Connection[Any], known: Sequence[Projection], limit: int) -> None:
    while fold(connection, known, live=True, limit=limit):
        pass


def doing(known: Sequence[Projection], name: str, do: Callable[[Cursor[Any], int], None]) -> list[Projection]:
    """Return projections of which one does something, with its cursor and an event's position, before it folds."""

    def changed(whole: Projection) -> Projection:
        handler = whole.apply
        assert not isinstance(handler, Asking), "it would have asked before"

        def apply(cursor: Cursor[Any], entries: Sequence[Entry]) -> list[Announcement]:
            for entry in entries:
                do(cursor, entry.position)
            return list(handler(cursor, entries))

        return msgspec.structs.replace(whole, apply=apply)

    return [changed(each) if each.name == name else each for each in known]


@pytest.mark.parametrize("limit", [1, MANY - 1])
def test_what_flows_makes_the_same_views_and_nothing_has_to_be_folded_again(
    connection: Connection[Any], caplog: pytest.LogCaptureFixture, limit: int
) -> None:
    say(connection, World(seed=5).events(150))
    fold_all(connection, projections(), limit)
    assert caplog.records == []
    fold_aside(connection, "aside")
    assert differences(connection, "aside", generation.LIVE) == []


def test_a_statement_that_fails_and_is_not_waited_for_keeps_out_its_own_event_alone(
    connection: Connection[Any], caplog: pytest.LogCaptureFixture
) -> None:
    say(connection, World(seed=5).events(40))
    broken: list[int] = []

    def fail(cursor: Cursor[Any], position: int) -> None:
        if not broken:
            broken.append(position)
        if position == broken[0]:
            cursor.execute("SELECT 1 / 0")

    with caplog.at_level(logging.CRITICAL):
        fold_all(connection, doing(projections(), "accounts", fail), MANY - 1)
    parked = connection.execute("SELECT position, error FROM parked").fetchall()
    assert broken
    assert [position for position, _ in parked] == broken
    assert "DivisionByZero" in parked[0][1]
    assert generation.position(connection) == reader.last_position(connection)


def test_that_a_statement_was_passed_over_is_no_outage() -> None:
    assert not is_outage(PipelineAborted())


def test_an_answer_is_that_of_the_last_statement(connection: Connection[Any]) -> None:
    with connection.pipeline():
        cursor = Flowing(connection)
        cursor.execute("SELECT 1")
        assert cursor.execute("SELECT 2").fetchall() == [(2,)]
        cursor.execute("SELECT 3")
        connection.pgconn.send_flush_request()
        connection.pgconn.flush()
        assert select.select([connection], [], [], 5)[0], "the answer to 3 has come, and nobody has looked at it"
        assert cursor.execute("SELECT 4").fetchone() == (4,)
        cursor.execute("SELECT 5")
        assert list(cursor.execute("SELECT 6")) == [(6,)]


def test_what_is_told_of_while_statements_flow_is_heard_afterwards(
    connection: Connection[Any], database_url: str
) -> None:
    say(connection, World(seed=5).events(1))
    reader.listen(connection)
    last = reader.last_position(connection)
    with psycopg.connect(database_url, autocommit=True) as other:
        known = doing(
            projections(), "accounts", lambda cursor, position: say(other, World(seed=position + 5).events(1))
        )
        while generation.position(connection) < last:
            assert fold(connection, known, live=True, limit=1)
    assert reader.heard(connection, 5) == reader.last_position(connection) > last


def test_what_is_asked_of_a_projection_is_asked_before_anything_is_changed(
    connection: Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or the database would have nothing to do while the answer is on its way."""
    said: list[object] = []
    execute = Cursor.execute

    def noting(cursor: Cursor[Any], query: Any, *args: Any, **kwargs: Any) -> Cursor[Any]:
        said.append(query)
        return execute(cursor, query, *args, **kwargs)

    say(connection, World(seed=5).events(150))
    monkeypatch.setattr(Cursor, "execute", noting)
    before = [generation.SQL[name] for name in ("begin_turn", "fold_lock", "unread")]
    before += [references.SQL[name] for name in ("load", "load_pending", "taken", "store", "store_pending")]
    asked = 0
    while True:
        said.clear()
        if not fold(connection, projections(), live=True, limit=1):
            break
        if (marks := notification_marks.SQL["load"]) in said:
            asked += 1
            assert all(each in before for each in said[: said.index(marks)])
    assert asked


def test_who_waits_too_long_for_another_that_folds_is_left_in_no_transaction(
    connection: Connection[Any], database_url: str
) -> None:
    say(connection, World(seed=5).events(1))
    connection.execute("SET lock_timeout TO 50")
    with psycopg.connect(database_url) as other:
        other.execute(generation.SQL["fold_lock"])
        with pytest.raises(psycopg.errors.LockNotAvailable):
            fold(connection, projections(), live=True)
        assert connection.info.transaction_status == TransactionStatus.IDLE
    assert fold(connection, projections(), live=True)
