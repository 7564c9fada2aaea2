"""How rows of the registry become structs: columns are matched to fields by name."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from psycopg import AsyncConnection, AsyncCursor
from psycopg.pq.abc import PGresult
from psycopg.rows import RowMaker
from psycopg.sql import SQL, Composed

Connection = AsyncConnection[Any]
Query = SQL | Composed
T = TypeVar("T")


def rows_of(kind: type[T]) -> Callable[[AsyncCursor[Any]], RowMaker[T]]:
    """Return a row factory that makes a struct of each row."""

    def factory(cursor: AsyncCursor[Any]) -> RowMaker[T]:
        names = _names(cursor.pgresult)

        def make(values: Sequence[Any]) -> T:
            return msgspec.convert(dict(zip(names, values, strict=True)), kind)

        return make

    return factory


def _names(result: PGresult | None) -> list[str]:
    """Return the names of the columns. `cursor.description` has them too, and costs as much as a small query."""
    if result is None:
        return []
    return [(result.fname(place) or b"").decode() for place in range(result.nfields)]


async def one(connection: Connection, query: Query, values: Mapping[str, object], kind: type[T]) -> T | None:
    """Return the first row as a struct, or None."""
    async with connection.cursor(row_factory=rows_of(kind)) as cursor:
        await cursor.execute(query, values)
        return await cursor.fetchone()


async def several(connection: Connection, query: Query, values: Mapping[str, object], kind: type[T]) -> list[T]:
    """Return all rows as structs."""
    async with connection.cursor(row_factory=rows_of(kind)) as cursor:
        await cursor.execute(query, values)
        return await cursor.fetchall()


async def change(connection: Connection, query: Query, values: Mapping[str, object]) -> int:
    """Run a statement that answers with no rows; return how many it touched."""
    cursor = await connection.execute(query, values)
    return cursor.rowcount


async def numbers(connection: Connection, query: Query, values: Mapping[str, object]) -> list[int]:
    """Return the first column of all rows: ids, usually."""
    cursor = await connection.execute(query, values)
    return [row[0] for row in await cursor.fetchall()]
