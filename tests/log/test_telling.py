"""Who follows the log is told at once of what comes alone, now and then of a burst, and always of the last of it."""

import asyncio
from itertools import pairwise
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL

from fedi.log import reader, writer
from fedi.log import telling as pace
from fedi.log.appender import Appender
from fedi.log.drafts import BEFORE, Appended, Unit, unit_of
from fedi.log.insert import Answer, Call, insert, send_prepared
from fedi.log.telling import BETWEEN_SECONDS, CLOSE_SECONDS, Telling
from tests.support.events import draft


class Ticks:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def append(telling: Telling) -> bool:
    told = telling.is_wanted()
    telling.appended(told=told)
    return told


def test_what_comes_alone_is_told_of_with_its_commit() -> None:
    ticks = Ticks()
    telling = Telling(ticks)
    for _ in range(3):
        assert append(telling)
        assert not telling.due
        ticks.now += CLOSE_SECONDS * 2


def test_a_burst_is_told_of_now_and_then() -> None:
    ticks = Ticks()
    telling = Telling(ticks)
    step = CLOSE_SECONDS / 2
    told = []
    for _ in range(round(10 * BETWEEN_SECONDS / step)):
        if append(telling):
            told.append(ticks.now)
        else:
            assert telling.due
        ticks.now += step
    assert 9 <= len(told) <= 11
    assert max(later - earlier for earlier, later in pairwise(told)) < BETWEEN_SECONDS + 2 * step


def test_whoever_is_told_of_the_last_knows_of_all() -> None:
    ticks = Ticks()
    telling = Telling(ticks)
    assert append(telling)
    assert not append(telling)
    assert telling.due
    ticks.now += BETWEEN_SECONDS
    assert append(telling)
    assert not telling.due


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each of the writer's insertions told of itself."""
    made: list[bool] = []

    async def counted(conn: psycopg.Connection[Any], call: Call, *, tell: bool) -> list[Answer]:
        made.append(tell)
        return await send_prepared(conn, call, tell=tell)

    monkeypatch.setattr(writer, "send_prepared", counted)
    return made


async def test_a_crowd_of_appends_is_told_of_seldom_and_to_its_end(
    database_url: str, calls: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "CLOSE_SECONDS", 1.0)  # a busy machine takes its time between two batches
    monkeypatch.setattr(pace, "BETWEEN_SECONDS", 0.2)

    async def produce() -> int:
        return max([(await appender.append([draft()])).positions[0] for _ in range(40)])

    with psycopg.connect(database_url, autocommit=True) as ears:
        reader.listen(ears)
        async with Appender(database_url) as appender:
            last = max(await asyncio.gather(*(produce() for _ in range(8))))
            told: list[int] = []
            while not told or told[-1] < last:
                heard = await asyncio.to_thread(reader.heard, ears, 5.0)
                assert heard, f"nobody was told of what stands at {last}, only of {told}"
                told.append(heard)
    assert told[-1] == last
    assert calls.count(False) > calls.count(True)


async def test_what_was_not_told_of_yet_is_told_of_at_the_end(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Telling, "is_wanted", lambda _: False)
    monkeypatch.setattr(writer, "AFTER_SECONDS", 60.0)
    with psycopg.connect(database_url, autocommit=True) as ears:
        reader.listen(ears)
        async with Appender(database_url) as appender:
            appended = await appender.append([draft()])
        assert reader.heard(ears, 5.0) == appended.positions[0]


OLDER = """
SELECT * FROM log.append(
    ARRAY[1, 2, 2], %(identities)s::uuid[], %(names)s::text[], %(versions)s::integer[], %(causes)s::bigint[],
    %(payloads)s::bytea[] {more}
)
"""


@pytest.mark.parametrize("more", ["", ", true"])
def test_what_an_older_program_calls_appends_and_tells_as_it_did(database_url: str, more: str) -> None:
    taken, mine = unit_of([draft(1)]), unit_of([draft(2), draft(3, cause=BEFORE)])
    columns = {
        name: [each for unit in (taken, mine) for each in getattr(unit, name)] for name in Unit.__struct_fields__[:-1]
    }
    with (
        psycopg.connect(database_url, autocommit=True) as ears,
        psycopg.connect(database_url, autocommit=True) as older,
    ):
        (first,) = insert(older, [taken])
        assert isinstance(first, Appended)
        (last,) = first.positions
        reader.listen(ears)
        dropped, appended = older.execute(SQL(OLDER).format(more=SQL(more)), columns).fetchall()
        assert dropped == (1, taken.identities[0], last, first.recorded_at)
        assert appended[:3] == (0, None, last + 1)
        assert reader.heard(ears, 5.0) == last + 2
        assert [each.cause for each in reader.read(ears, last, 10)] == [None, last + 1]
