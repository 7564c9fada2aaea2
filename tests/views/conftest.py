"""What tests of views share: tables to read, empty for each test."""

import psycopg
import pytest
from psycopg import AsyncConnection

from tests.support.views import create_views


@pytest.fixture
async def read(pg: AsyncConnection[psycopg.rows.TupleRow]) -> AsyncConnection[psycopg.rows.TupleRow]:
    """A connection to a database whose views are empty."""
    await create_views(pg)
    return pg
