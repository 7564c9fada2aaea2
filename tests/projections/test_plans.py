"""Statements that cost what goes and not what is there: they read no table whole, however they are planned.

Nor do they in a generation that is folded aside, where what readers look by is made at the end.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import psycopg
import pytest
from psycopg import Connection
from psycopg.sql import SQL

from fedi.projections import bookmarks, favourites, generation, notifications, relationships, status_words, statuses
from fedi.projections.catalogue import projections
from fedi.sql import Queries

GONE = {"statuses": [1], "accounts": [2], "cleared": [], "dismissed": [], "ids": [2], "targets": [], "gone": [2]}
BACK = {"rows": '[{"account_id":null,"type":"favourite","from_account_id":1,"status_id":2}]'}


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection[Any]]:
    with psycopg.connect(database_url, autocommit=True, options="-c enable_seqscan=off") as opened:
        generation.create(opened, "aside", projections())
        generation.look_at(opened, "aside")
        yield opened


def plan(connection: Connection[Any], queries: Queries, name: str, given: Mapping[str, object]) -> str:
    rows = connection.execute(SQL("EXPLAIN {}").format(queries[name]), given).fetchall()
    return "\n".join(row[0] for row in rows)


@pytest.mark.parametrize(
    ("queries", "name", "index"),
    [
        (favourites.SQL, "remove_of_accounts", "favourites_author"),
        (bookmarks.SQL, "remove_gone", "bookmarks_author"),
        (notifications.SQL, "delete", "notifications_from"),
        (relationships.SQL, "load_follows", "follows_target"),
        (status_words.SQL, "remove", "status_words_account"),
        (statuses.SQL, "of_accounts", "statuses_account"),
    ],
)
def test_an_account_that_goes_costs_what_goes_with_it(
    connection: Connection[Any], queries: Queries, name: str, index: str
) -> None:
    found = plan(connection, queries, name, GONE)
    assert index in found
    assert "Seq Scan" not in found, found


def test_what_is_taken_back_is_found_by_who_did_it_and_to_what(connection: Connection[Any]) -> None:
    # Many favourited one post, and one of them favourited many posts.
    connection.execute(
        "INSERT INTO notifications (id, account_id, type, from_account_id, status_id, created_at, group_key)"
        " SELECT n, 1, 'favourite', CASE n % 2 WHEN 0 THEN 1 ELSE n END, CASE n % 2 WHEN 0 THEN n ELSE 2 END, now(), ''"
        " FROM generate_series(1, 4000) AS n"
    )
    connection.execute("ANALYZE notifications")
    found = plan(connection, notifications.SQL, "take_back", BACK)
    assert "Seq Scan" not in found
    about_a_status, about_none = [line for line in found.splitlines() if "from_account_id = given" in line]
    assert "Index Cond" in about_a_status
    assert "(status_id = given" in about_a_status
    assert "Index Cond" in about_none
    assert "(account_id = given" in about_none
