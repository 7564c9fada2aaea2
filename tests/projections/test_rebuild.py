"""Putting new views in the place of the old, whatever an earlier attempt left behind."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
from psycopg.sql import SQL

from fedi.projections import generation, notifications
from fedi.projections.catalogue import projections
from fedi.projections.rebuild import rebuild
from fedi.projections.runner import prepare
from fedi.sql import queries
from tests.support.whole import eventually


def test_views_that_a_killed_rebuild_left_behind_are_in_nobodys_way(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        prepare(connection)
        connection.execute("CREATE SCHEMA views_next_retired CREATE TABLE cursor (position bigint)")
        rebuild(database_url)
        assert connection.execute("SELECT generation FROM read.cursor").fetchall() == [("views_next",)]
        assert not generation.exists(connection, "views_next_retired")


def _indexes(connection: psycopg.Connection[Any]) -> list[tuple[Any, ...]]:
    found = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'read' ORDER BY 1, 2"
    return connection.execute(found).fetchall()


def test_views_that_are_folded_anew_have_the_indexes_of_the_first(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        prepare(connection)
        before = _indexes(connection)
        assert "status_words_words" in {name for _, name, _ in before}
        rebuild(database_url)
        assert _indexes(connection) == before


def test_the_database_knows_what_new_views_hold_before_anybody_reads_them(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        prepare(connection)
        rebuild(database_url)
        known = "SELECT attname FROM pg_stats WHERE schemaname = 'read' AND tablename = 'projections' ORDER BY 1"
        assert connection.execute(known).fetchall() == [("name",), ("version",)]


def test_two_rebuilds_do_not_drop_each_others_views(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as other:
        prepare(other)
        other.execute(generation.SQL["rebuilder"])
        other.execute("CREATE SCHEMA views_next")
        stop = threading.Event()
        second = threading.Thread(target=rebuild, args=(database_url,), kwargs={"stop": stop})
        second.start()
        time.sleep(0.3)
        assert other.execute("SELECT to_regnamespace('views_next') IS NOT NULL").fetchone() == (True,)
        stop.set()
        second.join(10)
        assert not second.is_alive()
        assert other.execute("SELECT to_regnamespace('views_next') IS NOT NULL").fetchone() == (True,)


def test_a_rebuild_that_is_stopped_leaves_off_in_the_midst_of_an_index(database_url: str) -> None:
    known, stop = projections(), threading.Event()
    with (
        ThreadPoolExecutor(1) as elsewhere,
        psycopg.connect(database_url, autocommit=True) as connection,
        psycopg.connect(database_url) as other,
    ):
        generation.create(connection, "aside", known)
        other.execute("LOCK TABLE aside.statuses")
        indexing = elsewhere.submit(generation.index_by_two, database_url, "aside", known, stop)
        waiting = "SELECT count(*) FROM pg_locks WHERE relation = 'aside.statuses'::regclass AND NOT granted"
        eventually(lambda: connection.execute(waiting).fetchone() != (0,))
        stop.set()
        indexing.result(10)
        assert connection.execute(waiting).fetchone() == (0,)
        other.rollback()
        generation.drop(connection, "aside")


def test_what_a_fold_asks_is_asked_by_key_though_all_tables_are_empty_when_it_is_planned(database_url: str) -> None:
    asked = SQL("EXPLAIN {}").format(queries(notifications.__file__)["add"])
    with psycopg.connect(database_url, autocommit=True) as connection:
        prepare(connection)
        generation.prepare_to_fold(connection)
        generation.look_at(connection, generation.LIVE)
        plan = "\n".join(row[0] for row in connection.execute(asked, {"rows": "[]"}).fetchall())
        assert "statuses_pkey" in plan
        assert "Seq Scan" not in plan
