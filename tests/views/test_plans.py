"""Questions that must not be answered by reading a whole table, however small the table is when they are planned."""

import psycopg
import pytest
from psycopg import AsyncConnection
from psycopg.sql import SQL

from fedi.sql import queries
from fedi.views import discovery, instance, threads


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


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        (queries(discovery.__file__)["active"], "account_statuses_last"),
        (queries(instance.__file__)["contact"], "users_staff"),
        (SQL("SELECT FROM read.follow_counts ORDER BY followers DESC, account_id LIMIT 9"), "follow_counts_followers"),
    ],
)
async def test_the_first_of_many_are_read_in_their_order(
    read: AsyncConnection[psycopg.rows.TupleRow], asked: SQL, index: str
) -> None:
    async with read.transaction():
        await read.execute("SET LOCAL enable_seqscan TO off")
        await read.execute("SET LOCAL enable_sort TO off")
        given = {"local": False, "limit": 20, "offset": 0}
        plan = await (await read.execute(SQL("EXPLAIN {}").format(asked), given)).fetchall()
    assert f"Index Scan using {index}" in "\n".join(line[0] for line in plan).replace("Only ", "")
    assert not any("Sort" in line[0] for line in plan)


async def test_servers_are_looked_for_among_those_that_begin_so(read: AsyncConnection[psycopg.rows.TupleRow]) -> None:
    async with read.transaction():
        await read.execute("SET LOCAL enable_seqscan TO off")
        await read.execute("SET LOCAL plan_cache_mode TO force_generic_plan")
        asked = SQL("PREPARE peers (text, text, int) AS {}").format(queries(instance.__file__)["peers_like"])
        await read.execute(
            asked.as_string().replace("%(beginning)s", "$1").replace("%(beyond)s", "$2").replace("%(limit)s", "$3")
        )
        plan = await (await read.execute("EXPLAIN EXECUTE peers ('a', 'b', 9)")).fetchall()
    assert any("Index Only Scan using accounts_domain" in line for (line,) in plan)
    assert any("Index Cond" in line and "~>=~ $1" in line and "~<~ $2" in line for (line,) in plan), plan
