"""A question has its own answer, whatever became of the one before it, and of the connection."""

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest
from psycopg import OperationalError
from psycopg.errors import DivisionByZero
from psycopg.sql import SQL

from fedi.registry.pool import Pool, pool_of_one
from fedi.registry.question import Question

PREPARED = "SELECT count(*) FROM pg_prepared_statements WHERE name = 'fedi_question'"
LONG = 8_000_000
"""Letters that do not go to the database in one piece."""


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    async with pool_of_one(database_url, patience=10) as opened:
        yield opened


def backend(question: Question) -> int:
    """Return the session that a question has."""
    assert question._connection is not None
    return question._connection.info.backend_pid


async def test_it_is_prepared_once_and_a_failure_leaves_it_as_it_was(pool: Pool) -> None:
    question = Question(pool, SQL("SELECT 6 / %(by)s::int, %(word)s::text"), ("by", "word"))
    assert await question.ask([b"3", None]) == b"2"
    session = backend(question)
    with pytest.raises(DivisionByZero):
        await question.ask([b"0", b"word"])
    assert await question.ask([b"1", b"word"]) == b"6"
    assert backend(question) == session
    await question.close()
    async with pool.connection() as connection:
        assert connection.info.backend_pid == session
        prepared = await (await connection.execute(PREPARED)).fetchone()
    assert prepared == (1,)


async def test_without_a_row_there_is_no_answer(pool: Pool) -> None:
    question = Question(pool, SQL("SELECT 1 WHERE %(so)s::boolean"), ("so",))
    assert await question.ask([b"false"]) == b""
    assert await question.ask([b"true"]) == b"1"
    await question.close()


async def test_what_is_longer_than_a_socket_takes_goes_there_and_back(pool: Pool) -> None:
    question = Question(pool, SQL("SELECT reverse(%(text)s)"), ("text",))
    assert await question.ask([b"a" + LONG * b"b"]) == LONG * b"b" + b"a"
    await question.close()


async def test_a_connection_that_was_lost_meanwhile_is_made_again(pool: Pool, pg: psycopg.AsyncConnection) -> None:
    question = Question(pool, SQL("SELECT 1 + %(number)s::int"), ("number",))
    assert await question.ask([b"1"]) == b"2"
    before = backend(question)
    await pg.execute("SELECT pg_terminate_backend(%s, 5000)", [before])
    await asyncio.sleep(0)
    assert await question.ask([b"2"]) == b"3"
    assert backend(question) != before
    await question.close()


async def test_who_asks_while_it_is_lost_hears_so_and_the_next_does_not(pool: Pool) -> None:
    end = "CASE WHEN %(end)s::boolean THEN pg_terminate_backend(pg_backend_pid())::text ELSE 'well' END"
    question = Question(pool, SQL(f"SELECT {end} FROM pg_sleep(0)"), ("end",))
    assert await question.ask([b"false"]) == b"well"
    with pytest.raises(OperationalError):
        await question.ask([b"true"])
    assert await question.ask([b"false"]) == b"well"
    await question.close()


async def test_nobody_gets_the_answer_of_who_went_away(pool: Pool) -> None:
    question = Question(pool, SQL("SELECT %(word)s::text FROM pg_sleep(%(seconds)s::float)"), ("word", "seconds"))
    assert await question.ask([b"first", b"0"]) == b"first"
    gone = asyncio.create_task(question.ask([b"second", b"0.2"]))
    await asyncio.sleep(0.01)
    gone.cancel()
    await asyncio.wait([gone])
    assert gone.cancelled()
    assert await question.ask([b"third", b"0"]) == b"third"
    await question.close()
