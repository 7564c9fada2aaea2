"""What tests of views share: tables to read, empty for each test."""

from collections.abc import AsyncIterator

import psycopg
import pytest
from psycopg import AsyncConnection

from fedi.views.progress import Progress
from tests.support.following import Pg
from tests.support.views import create_views


@pytest.fixture
async def read(pg: AsyncConnection[psycopg.rows.TupleRow]) -> AsyncConnection[psycopg.rows.TupleRow]:
    """A connection to a database whose views are empty."""
    await create_views(pg)
    return pg


@pytest.fixture
async def cursor(pg: Pg) -> Pg:
    """A connection to a database whose views have come to position 7."""
    await pg.execute("DROP SCHEMA IF EXISTS read CASCADE")
    await pg.execute("CREATE SCHEMA read")
    await pg.execute("CREATE TABLE read.cursor (position bigint NOT NULL)")
    await pg.execute("INSERT INTO read.cursor VALUES (7)")
    return pg


@pytest.fixture
async def following(database_url: str, cursor: Pg) -> AsyncIterator[Progress]:
    """What follows those views."""
    followed = Progress(database_url)
    await followed.start()
    yield followed
    await followed.stop()
