"""Statements that cost what goes and not what is there: they read no table whole, however they are planned."""

from collections.abc import Iterator, Mapping
from typing import Any

import psycopg
import pytest
from psycopg import Connection
from psycopg.sql import SQL

from fedi.projections import bookmarks, favourites, generation, runner
from fedi.sql import Queries

GONE = {"statuses": [1], "accounts": [2], "ids": [2]}


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection[Any]]:
    with psycopg.connect(database_url, autocommit=True, options="-c enable_seqscan=off") as opened:
        runner.prepare(opened)
        generation.look_at(opened, generation.LIVE)
        yield opened


def plan(connection: Connection[Any], queries: Queries, name: str, given: Mapping[str, object]) -> str:
    rows = connection.execute(SQL("EXPLAIN {}").format(queries[name]), given).fetchall()
    return "\n".join(row[0] for row in rows)


@pytest.mark.parametrize(
    ("queries", "name", "index"),
    [
        (favourites.SQL, "remove_of_accounts", "favourites_author"),
        (bookmarks.SQL, "remove_gone", "bookmarks_author"),
    ],
)
def test_an_account_that_goes_costs_what_goes_with_it(
    connection: Connection[Any], queries: Queries, name: str, index: str
) -> None:
    found = plan(connection, queries, name, GONE)
    assert index in found
    assert "Seq Scan" not in found, found
