"""Units that stand on something: those whose premise is not so any more are not appended, and all others are."""

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import AsyncConnection
from psycopg.sql import SQL

from fedi.log import reader
from fedi.log.appender import Appender
from fedi.log.drafts import BEFORE, Appended, Conflict, Fallen, Premise, Unit, unit_of
from fedi.log.insert import insert_prepared, prepare
from tests.support.events import draft

AS_IT_WAS = SQL("""
    SELECT array_agg(given.unit)
      FROM unnest($8::integer[], $9::bigint[], $10::bigint[]) AS given (unit, thing, version)
     WHERE NOT EXISTS (SELECT FROM things WHERE things.id = given.thing AND things.version = given.version)
""")
Pg = AsyncConnection[psycopg.rows.TupleRow]


@pytest.fixture
async def things(pg: Pg) -> Pg:
    """A connection to a database that knows two things, 1 and 2, in their first version."""
    await pg.execute("CREATE TABLE IF NOT EXISTS things (id bigint PRIMARY KEY, version bigint NOT NULL)")
    await pg.execute("TRUNCATE things")
    await pg.execute("INSERT INTO things VALUES (1, 1), (2, 1)")
    return pg


@pytest.fixture
async def appender(things: Pg, database_url: str) -> AsyncIterator[Appender]:
    async with Appender(database_url, AS_IT_WAS) as opened:
        yield opened


async def test_what_stands_on_what_is_so_is_appended(appender: Appender) -> None:
    assert (await appender.append([draft(), draft(cause=BEFORE)], premise=(1, 1))).positions


async def test_what_stands_on_what_was_so_is_not(appender: Appender, things: Pg) -> None:
    one = draft()
    await things.execute("UPDATE things SET version = 2 WHERE id = 1")
    with pytest.raises(Fallen):
        await appender.append([one], premise=(1, 1))
    assert (await appender.append([one], premise=(1, 2))).positions


async def test_who_shares_a_batch_with_it_loses_nothing(appender: Appender, things: Pg, database_url: str) -> None:
    await things.execute("DELETE FROM things WHERE id = 2")
    premises: list[Premise | None] = [(1, 1), (2, 1), None] * 20
    with psycopg.connect(database_url, autocommit=True) as conn:
        start = reader.last_position(conn)
        answers = await asyncio.gather(
            *(appender.append([draft(n)], premise=premise) for n, premise in enumerate(premises)),
            return_exceptions=True,
        )
        assert [isinstance(each, Fallen) for each in answers] == [premise == (2, 1) for premise in premises]
        events = reader.read(conn, start, 100)
        assert [each.position for each in events] == list(range(start + 1, start + 41))
        told = [each.positions for each in answers if isinstance(each, Appended)]
        assert sorted(told) == [(each.position,) for each in events]


async def test_a_lost_answer_does_not_make_it_stand(appender: Appender, things: Pg, database_url: str) -> None:
    """The session ends before anything is appended: the units are tried again, each on its premise."""
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute("SELECT pg_advisory_lock(7378413967429627751)")
        appends = [asyncio.create_task(appender.append([draft()], premise=(thing, 1))) for thing in (1, 2)]
        await asyncio.sleep(0.1)
        await things.execute("UPDATE things SET version = 2 WHERE id = 2")
        conn.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'fedi log' AND datname = current_database()"
        )
        conn.execute("SELECT pg_advisory_unlock(7378413967429627751)")
        stands, fell = await asyncio.gather(*appends, return_exceptions=True)
    assert isinstance(stands, Appended)
    assert isinstance(fell, Fallen)


def test_every_unit_is_answered_by_itself(things: Pg, database_url: str) -> None:
    """Whichever stand, fall, or were said before: each hears what became of it, and positions stay dense."""
    taken = draft()
    kinds = {"stands": (1, 1), "falls": (1, 7), "nothing": None, "taken": (2, 1), "taken and falls": (3, 1)}

    def unit(kind: str) -> Unit:
        return unit_of([draft(), taken] if "taken" in kind else [draft()], kinds[kind])

    others = st.lists(st.sampled_from(["stands", "falls", "nothing"]), max_size=4)

    @given(others, st.sampled_from(sorted(kinds)), others)
    def check(before: list[str], one: str, after: list[str]) -> None:
        order = [*before, one, *after]
        last = reader.last_position(conn)
        answers = insert_prepared(conn, [unit(kind) for kind in order], tell=False)
        expected = {"falls": Fallen, "taken": Conflict, "taken and falls": Fallen}
        assert [type(each) for each in answers] == [expected.get(kind, Appended) for kind in order]
        positions = [place for each in answers if isinstance(each, Appended) for place in each.positions]
        assert positions == list(range(last + 1, last + 1 + len(positions)))
        assert reader.last_position(conn) == last + len(positions)

    with psycopg.connect(database_url, autocommit=True) as conn:
        prepare(conn, AS_IT_WAS)
        insert_prepared(conn, [unit_of([taken])], tell=False)
        check()
