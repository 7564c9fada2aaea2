"""A log that says things to fresh views, in one batch or one by one, and what came of it."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from fedi.projections import generation
from fedi.projections.catalogue import projections
from tests.support.saying import Saying


@pytest.fixture
def saying(database_url: str) -> Iterator[Saying]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        generation.create(connection, "views_saying", projections())
        generation.look_at(connection, "views_saying")
        yield Saying(connection)


@pytest.fixture
def rows(saying: Saying) -> Callable[[str], list[tuple[Any, ...]]]:
    def run(query: str) -> list[tuple[Any, ...]]:
        connection: Connection[Any] = saying.connection
        return connection.execute(query).fetchall()

    return run
