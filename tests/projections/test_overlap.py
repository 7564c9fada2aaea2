"""Folding with two processes gives what folding with one gives, and what breaks one of them costs time only."""

import logging
import multiprocessing
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from fedi.events import Recorded
from fedi.facts import Entry
from fedi.log import reader
from fedi.meaning import references
from fedi.meaning.names import Index
from fedi.meaning.references import References
from fedi.projections import fold, generation, overlap, rebuild
from fedi.projections.bundles import Bundles
from fedi.projections.rebuild import Progress, fold_aside
from tests.support.compared import differences
from tests.support.talking import talking_in
from tests.support.world import World

EVENTS = 600
EARLY = 200
"""Up to here nobody is gone."""
ALONE = """
import sys
import psycopg
from fedi.projections import overlap, rebuild
rebuild.LONG = 100
begun = overlap.get_context
def get_context(method):
    print(method)
    return begun(method)
overlap.get_context = get_context
with psycopg.connect(sys.argv[1], autocommit=True) as connection:
    rebuild.fold_aside(connection, "copied", batch=50)
"""
"""A program that has one thread only, which says in what way it began the second process."""


@pytest.fixture(scope="module")
def talked_url(admin_url: str) -> Iterator[str]:
    """A database in whose log a world has talked, and which one process has folded."""
    with talking_in(admin_url, World(seed=4).events(EVENTS)) as url:
        with psycopg.connect(url, autocommit=True) as opened:
            fold_aside(opened, "in_turn")  # in one process, being so short
        yield url


@pytest.fixture
def connection(talked_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection[Any]]:
    monkeypatch.setattr(rebuild, "LONG", 100)
    with psycopg.connect(talked_url, autocommit=True) as opened:
        yield opened


def indexes(connection: Connection[Any], schema: str) -> set[tuple[str, str]]:
    """Return the names of indexes, each with what it is on."""
    found = "SELECT indexname, replace(indexdef, schemaname || '.', '') FROM pg_indexes WHERE schemaname = %s"
    return set(connection.execute(found, [schema]).fetchall())


def test_two_processes_fold_as_one_does(connection: Connection[Any]) -> None:
    heard: list[Progress] = []
    done = fold_aside(connection, "side_by_side", batch=50, report=heard.append)
    last = reader.last_position(connection)
    assert done.position == generation.position(connection, "side_by_side") == last
    assert [each.position for each in heard] == [*range(50, last, 50), last]
    assert differences(connection, "in_turn", "side_by_side") == []
    assert multiprocessing.active_children() == []


def test_a_process_with_one_thread_folds_with_a_copy_of_itself(talked_url: str, connection: Connection[Any]) -> None:
    done = subprocess.run([sys.executable, "-c", ALONE, talked_url], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("fork\n", "")
    assert differences(connection, "in_turn", "copied") == []


def test_what_was_forgotten_is_looked_up(connection: Connection[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(references, "REMEMBERED", 100)
    fold_aside(connection, "forgetful", batch=7)
    assert differences(connection, "in_turn", "forgetful") == []


def test_it_ends_where_it_is_told(connection: Connection[Any]) -> None:
    stop = threading.Event()

    def report(progress: Progress) -> None:
        if progress.position >= 100:
            stop.set()

    assert fold_aside(connection, "stopped", batch=50, report=report, stop=stop).position <= 250
    assert fold_aside(connection, "until", batch=50, until=333).position == 333
    assert generation.position(connection, "until") == 333


def test_what_changed_since_it_was_written_is_written_again_at_the_end(
    connection: Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While nobody is gone nothing is looked for among the references, so they have no indexes until then."""
    with monkeypatch.context() as patch:
        patch.setattr(rebuild, "LONG", EARLY + 1)
        fold_aside(connection, "early", until=EARLY)
    fold_aside(connection, "early_by_two", batch=20, until=EARLY)
    ended = "SELECT count(*) FILTER (WHERE kind = 'account'), count(*) FROM early.refs WHERE ended IS NOT NULL"
    people, all_of_them = connection.execute(ended).fetchall()[0]
    assert people == 0 < all_of_them
    assert differences(connection, "early", "early_by_two") == []
    assert indexes(connection, "early_by_two") == indexes(connection, "early")


def test_a_process_that_is_killed_costs_time_only(
    connection: Connection[Any], caplog: pytest.LogCaptureFixture
) -> None:
    def kill(progress: Progress) -> None:
        for child in multiprocessing.active_children():
            child.kill()

    with caplog.at_level(logging.WARNING):
        fold_aside(connection, "killed", batch=50, report=kill)
    assert "because two failed" in caplog.text
    assert differences(connection, "in_turn", "killed") == []


def test_what_fails_beside_the_rest_costs_time_only(
    connection: Connection[Any], caplog: pytest.LogCaptureFixture
) -> None:
    spoilt: list[int] = []

    def spoil(progress: Progress) -> None:
        if not spoilt:
            connection.execute("DROP TABLE spoilt.status_words")
        spoilt.append(progress.position)

    with caplog.at_level(logging.WARNING):
        fold_aside(connection, "spoilt", batch=50, report=spoil)
    assert 'relation "status_words" does not exist' in caplog.text
    assert differences(connection, "in_turn", "spoilt") == []


def test_what_went_wrong_is_heard_from_a_process_that_is_gone() -> None:
    ours, theirs = multiprocessing.Pipe()
    with theirs:
        theirs.send("DivisionByZero: poison")
    with ours, pytest.raises(overlap.OverlapFailed, match="poison"):
        overlap._send(ours, b"what nobody reads")


def test_what_cannot_be_unpacked_costs_time_only(
    connection: Connection[Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Bundles, "packed", lambda *_: b"\xc1")
    with caplog.at_level(logging.WARNING):
        fold_aside(connection, "garbled", batch=50)
    assert "because two failed: DecodeError" in caplog.text
    assert differences(connection, "in_turn", "garbled") == []


@pytest.mark.parametrize("error", [ValueError("poison"), psycopg.errors.ProgramLimitExceeded("index row size 8208")])
def test_an_event_that_cannot_be_folded_is_parked(
    connection: Connection[Any],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    whole = fold.mean

    def stumble(refs: References, batch: Sequence[Recorded]) -> tuple[list[Entry], Index]:
        if any(recorded.position == 77 for recorded in batch):
            raise error
        return whole(refs, batch)

    monkeypatch.setattr(fold, "mean", stumble)
    monkeypatch.setattr(overlap, "mean", stumble)
    with caplog.at_level(logging.CRITICAL):
        fold_aside(connection, "poisoned", batch=50)
    assert connection.execute("SELECT position FROM poisoned.parked").fetchall() == [(77,)]
