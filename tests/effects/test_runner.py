"""Cursors: every event once, in the transaction of what it led to, and none before the views hold it."""

import asyncio
from collections.abc import Sequence
from time import monotonic
from typing import Any

import psycopg
import pytest
from psycopg import AsyncConnection

from fedi.effects import runner
from fedi.effects.facts_reader import FactsReader
from fedi.effects.runner import LostCursor, Runner
from fedi.errors import PeerError
from fedi.events import UnknownEventError
from fedi.meaning.interpret import Interpretation
from tests.support.here import Here, Progress, until


class Counting:
    """An effect that writes down what it sees."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.seen: list[int] = []
        self.fails_at: int | None = None
        self.fault: Exception = ValueError("a fault of ours")
        self.told = 0

    async def act(self, connection: AsyncConnection[Any], batch: Sequence[Interpretation]) -> None:
        for said in batch:
            position = said.recorded.position
            arguments = {"name": f"{self.name}{position}", "position": position}
            await connection.execute("INSERT INTO effects.cursors VALUES (%(name)s, %(position)s)", arguments)
            if position == self.fails_at:
                raise self.fault
            self.seen.append(position)

    def acted(self) -> None:
        self.told += 1


def driven(here: Here, *effects: Counting) -> tuple[Runner, FactsReader]:
    facts = FactsReader(here.url)
    return Runner(here.pool, facts, Progress(), effects), facts


async def cursor(here: Here, name: str) -> int:
    ((position,),) = await here.rows("SELECT position FROM effects.cursors WHERE name = %s", name)
    return int(position)


async def test_an_effect_sees_each_event_once_and_none_before_the_views(here: Here) -> None:
    effect = Counting("deliver")
    drive, facts = driven(here, effect)
    here.fold()
    await here.person("alice")
    await drive.step()
    assert effect.seen == [1]
    here.fold()
    await drive.step()
    await drive.step()
    assert effect.seen == [1, 2]
    assert effect.told == 2
    facts.close()


async def test_cursors_start_at_the_end_of_the_log_when_an_effect_is_new(here: Here) -> None:
    from fedi.log.schema import schemas_folder

    await here.person("alice")
    await here.rows("DELETE FROM effects.cursors WHERE name = 'fetch' RETURNING 1")
    script = (schemas_folder() / "sql" / "effects.sql").read_text()
    async with here.pool.connection() as connection:
        await connection.execute(script)
    assert [await cursor(here, name) for name in ("answer", "deliver", "fetch")] == [0, 0, 2]


async def test_one_that_lags_behind_catches_up_and_then_they_go_together(here: Here) -> None:
    early, late = Counting("deliver"), Counting("fetch")
    for name in ("alice", "bob", "carol"):
        await here.person(name)
    here.fold()
    await here.rows("UPDATE effects.cursors SET position = 2 WHERE name = 'deliver' RETURNING 1")
    drive, facts = driven(here, early, late)
    assert [await drive.step() for _ in range(3)] == [2, 4, 4]
    assert (early.seen, late.seen) == ([3, 4], [1, 2, 3, 4])
    facts.close()


async def test_what_was_queued_and_the_cursor_are_one(here: Here) -> None:
    effect, other = Counting("deliver"), Counting("fetch")
    other.fails_at = 2
    await here.person("alice")
    here.fold()
    drive, facts = driven(here, effect, other)
    assert await drive.step() == 0
    assert await cursor(here, "deliver") == 0
    assert await here.rows("SELECT name FROM effects.cursors WHERE name LIKE 'deliver_'") == []
    facts.close()


@pytest.mark.parametrize(
    "fault",
    [
        ValueError("poison"),
        PeerError("what a reader of strangers' words says"),
        psycopg.errors.ProgramLimitExceeded("index row size 8208"),
    ],
)
async def test_an_event_that_cannot_be_taken_is_parked_and_the_rest_goes_on(
    here: Here, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    monkeypatch.setattr(runner, "RETRY_SECONDS", 0.0)
    effect = Counting("deliver")
    effect.fails_at, effect.fault = 2, fault
    for name in ("alice", "bob"):
        await here.person(name)
    here.fold()
    drive, facts = driven(here, effect)
    for _ in range(12):
        await drive.step()
    assert sorted(set(effect.seen)) == [1, 3]
    assert await cursor(here, "deliver") == 3
    assert await here.rows("SELECT name, position FROM effects.parked") == [("deliver", 2)]
    facts.close()


async def test_nothing_is_parked_while_the_views_are_an_older_program_s(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "TRIES", 1)
    effect = Counting("deliver")
    effect.fails_at, effect.fault = 1, psycopg.errors.UndefinedColumn("a column that the new views will have")
    here.fold()
    drive, facts = driven(here, effect)
    with pytest.raises(psycopg.errors.UndefinedColumn):
        await drive.step()
    effect.fails_at = None
    assert await drive.step() == 1
    assert await here.rows("SELECT position FROM effects.parked") == []
    facts.close()


async def test_what_is_parked_is_tried_again_when_somebody_wants_it(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "RETRY_SECONDS", 0.0)
    monkeypatch.setattr(runner, "TRIES", 1)
    effect = Counting("deliver")
    effect.fails_at = 2
    for name in ("alice", "bob"):
        await here.person(name)
    here.fold()
    drive, facts = driven(here, effect)
    for _ in range(5):
        await drive.step()
    await drive.redrive()
    assert 2 not in effect.seen, "nobody wants it yet"
    for mended in (False, True):
        effect.fails_at = None if mended else 2
        await here.rows("UPDATE effects.parked SET wanted = true RETURNING 1")
        await drive.redrive()
        left = await here.rows("SELECT position, wanted FROM effects.parked")
        assert left == ([] if mended else [(2, False)])
    await drive.redrive()
    assert effect.seen[-2:] == [3, 2]
    assert await cursor(here, "deliver") == 3
    facts.close()


async def test_a_cursor_that_somebody_else_moved_ends_it(here: Here) -> None:
    class Thief(Counting):
        async def act(self, connection: AsyncConnection[Any], batch: Sequence[Interpretation]) -> None:
            await here.rows("UPDATE effects.cursors SET position = 7 WHERE name = 'deliver' RETURNING 1")

    here.fold()
    drive, facts = driven(here, Thief("deliver"))
    with pytest.raises(LostCursor):
        await drive.step()
    facts.close()


async def test_it_waits_while_the_database_or_the_views_are_away(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "RETRY_SECONDS", 0.01)
    effect = Counting("deliver")
    drive, facts = driven(here, effect)
    task = asyncio.create_task(drive.run())
    await asyncio.sleep(0.1)
    assert not task.done()
    here.fold()
    for _ in range(200):
        if effect.seen:
            break
        await asyncio.sleep(0.02)
    assert effect.seen == [1]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    facts.close()


async def test_it_waits_where_a_page_of_the_log_cannot_be_read(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "RETRY_SECONDS", 0.01)
    effect = Counting("deliver")
    here.fold()
    drive, facts = driven(here, effect)
    read = facts.read
    faults = [psycopg.errors.DataCorrupted("invalid page in block 1 of relation")] * 2

    async def rotten(after: int, limit: int) -> list[Interpretation]:
        if faults:
            raise faults.pop()
        return await read(after, limit)

    monkeypatch.setattr(facts, "read", rotten)
    task = asyncio.create_task(drive.run())
    await until(here, "SELECT position FROM effects.cursors WHERE name = 'deliver'", [(1,)])
    assert effect.seen == [1]
    assert not task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    facts.close()


async def changed(here: Here, position: int, what: str) -> None:
    async with here.pool.connection() as connection:
        await connection.execute("ALTER TABLE log.events DISABLE TRIGGER USER")
        await connection.execute(f"UPDATE log.events SET {what} WHERE notification_id = %s".encode(), [position])


async def test_a_damaged_event_is_parked_and_the_rest_goes_on(here: Here) -> None:
    effect = Counting("deliver")
    for name in ("alice", "bob", "carol"):
        await here.person(name)
    here.fold()
    await changed(here, 3, "state = '}'")
    drive, facts = driven(here, effect)
    for _ in range(4):
        await drive.step()
    assert effect.seen == [1, 2, 4]
    assert await here.rows("SELECT name, position FROM effects.parked") == [("deliver", 3)]
    await here.rows("UPDATE effects.parked SET wanted = true RETURNING 1")
    await drive.step()
    assert await here.rows("SELECT wanted FROM effects.parked") == [(False,)], "it is as damaged as before"
    facts.close()


async def test_what_a_newer_program_wrote_is_never_passed_by(here: Here) -> None:
    effect = Counting("deliver")
    for name in ("alice", "bob"):
        await here.person(name)
    here.fold()
    await changed(here, 2, "version = 99")
    drive, facts = driven(here, effect)
    assert [await drive.step() for _ in range(2)] == [0, 1]
    for _ in range(2):
        with pytest.raises(UnknownEventError):
            await drive.step()
    assert (effect.seen, await cursor(here, "deliver")) == ([1], 1)
    await changed(here, 2, "version = 1")
    assert await drive.step() == 3
    assert effect.seen == [1, 2, 3]
    facts.close()


@pytest.mark.parametrize(
    ("events", "seconds", "expected"),
    [
        (1, 0.05, runner.REST_SECONDS),
        (40, 0.05, runner.REST_SECONDS),
        (90, 0.05, runner.FLOOD_REST_SECONDS),
        (300, 0.2, runner.FLOOD_REST_SECONDS),
        (runner.BATCH, 0.05, runner.REST_SECONDS),  # more waits already
    ],
)
def test_in_a_flood_more_events_share_a_round(events: int, seconds: float, expected: float) -> None:
    assert runner.rest(events, seconds) == expected


async def test_how_long_it_rests_goes_by_what_came_since_the_batch_before(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, float]] = []

    def resting(events: int, seconds: float) -> float:
        asked.append((events, seconds))
        return 0.01

    monkeypatch.setattr(runner, "rest", resting)
    for name in ("alice", "bob", "carol"):
        await here.person(name)
    here.fold()
    drive, facts = driven(here, Counting("deliver"))
    begun = monotonic()
    task = asyncio.create_task(drive.run())
    for name, last in (("dave", 4), ("erin", 5)):
        await until(here, "SELECT position FROM effects.cursors WHERE name = 'deliver'", [(last,)])
        await here.person(name)
        here.fold()
    await until(here, "SELECT position FROM effects.cursors WHERE name = 'deliver'", [(6,)])
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert [events for events, _ in asked if events][:2] == [4, 1]
    assert 0 < sum(seconds for _, seconds in asked[1:]) < monotonic() - begun
    facts.close()
