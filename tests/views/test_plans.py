"""Questions that must not be answered by reading a whole table, however small the table is when they are planned."""

import psycopg
import pytest
from psycopg import AsyncConnection
from psycopg.sql import SQL

from fedi.sql import queries
from fedi.views import threads


@pytest.mark.parametrize("question", ["partly_elsewhere", "said_elsewhere"])
async def test_the_posts_of_a_thread_are_found_by_their_ids(
    read: AsyncConnection[psycopg.rows.TupleRow], question: str
) -> None:
    asked = queries(threads.__file__)[question]
    async with read.transaction():
        await read.execute("SET LOCAL enable_seqscan TO off")
        cursor = await read.execute(SQL("EXPLAIN {}").format(asked), {"id": 1, "limit": 20})
        plan = "\n".join(line[0] for line in await cursor.fetchall())
    assert "statuses_pkey" in plan
    assert "Seq Scan" not in plan


async def test_who_follows_whom_is_found_by_both(read: AsyncConnection[psycopg.rows.TupleRow]) -> None:
    """Or all are read whom the one follows, or who follow the other: these indexes know as well what was accepted."""
    async with read.transaction():
        await read.execute("SET LOCAL enable_seqscan TO off")
        asked = "EXPLAIN SELECT FROM read.follows WHERE account_id = 1 AND target_id = 2 AND accepted"
        plan = "\n".join(line[0] for line in await (await read.execute(asked)).fetchall())
    assert "Index Only Scan using follows_pkey" in plan
