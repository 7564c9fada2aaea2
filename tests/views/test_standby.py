"""What a standby is known to have, and when it is told that something changed there. Real ones: tests/api."""

import logging
import math
from time import monotonic

import pytest

from fedi.touched import EVERYTHING, Told, Touched
from fedi.views import standby as module
from fedi.views.progress import Progress
from fedi.views.standby import BehindError, Standby

OIDS = (1, 2)


@pytest.fixture
def progress() -> Progress:
    followed = Progress("")
    followed._hear("[0,10]")
    return followed


@pytest.fixture
async def standby(progress: Progress) -> Standby:
    """One that has all there is."""
    made = Standby("", progress, connections=1)
    made._arrive(10, OIDS[0])
    made._answers = True
    return made


@pytest.fixture
def told(standby: Standby) -> list[Touched]:
    heard: list[Touched] = []
    standby.tell(heard.append)
    return heard


async def test_what_a_commit_touched_is_told_when_it_has_arrived(
    progress: Progress, standby: Standby, told: list[Touched]
) -> None:
    progress._hear("[10,12,[[7]]]")
    progress._hear("[12,13]")
    progress._hear("[13,14,[[],[8]]]")
    standby._arrive(11, OIDS[0])
    assert not told
    standby._arrive(13, OIDS[0])
    assert told == [Touched(statuses=(7,))]
    assert await standby.wait_for(13)
    with pytest.raises(BehindError):
        await standby.wait_for(14)
    standby._arrive(14, OIDS[0])
    assert told == [Touched(statuses=(7,)), Touched(accounts=(8,))]


async def test_the_parts_of_a_commit_arrive_together(progress: Progress, standby: Standby, told: list[Touched]) -> None:
    progress._hear("[10,10,[[7]]]")
    standby._arrive(10, OIDS[0])
    assert not told
    progress._hear("[10,12,[[8]]]")
    standby._arrive(12, OIDS[0])
    assert told == [Touched(statuses=(7,)), Touched(statuses=(8,))]


async def test_after_a_gap_everything_is_forgotten(progress: Progress, standby: Standby, told: list[Touched]) -> None:
    progress._hear("[11,12]")
    assert not told
    standby._arrive(12, OIDS[0])
    assert told == [EVERYTHING]


async def test_rebuilt_views_are_known_by_their_table(standby: Standby, told: list[Touched]) -> None:
    standby._arrive(10, OIDS[0])
    assert not told
    standby._arrive(10, OIDS[1])
    assert told == [EVERYTHING]


async def test_one_that_fell_back_is_not_read_until_it_is_where_it_was(standby: Standby, told: list[Touched]) -> None:
    assert standby.is_followed
    standby._arrive(8, OIDS[0])
    assert not standby.is_followed
    standby._arrive(10, OIDS[0])
    assert standby.is_followed
    assert told == [EVERYTHING]


async def test_one_that_is_new_is_not_read_until_it_has_what_was_there(progress: Progress) -> None:
    standby = Standby("", progress, connections=1)
    standby._answers = True
    standby._arrive(9, OIDS[0])
    assert not standby.is_followed
    standby._arrive(10, OIDS[0])
    assert standby.is_followed


async def test_that_it_is_not_read_is_said_once_and_not_at_a_start(
    progress: Progress, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, module.__name__)
    standby = Standby("", progress, connections=1)
    standby._answers = True
    standby._say()
    assert not caplog.messages
    monkeypatch.setattr(module, "MOST_BEHIND", 0)
    standby._say()
    standby._say()
    monkeypatch.undo()
    standby._arrive(10, OIDS[0])
    standby._say()
    standby.doubt(OSError("gone"))
    standby.doubt(OSError("still gone"))
    alone = "views are read from the primary alone: "
    assert caplog.messages == [
        f"{alone}the standby is too far behind",
        "views are read from the standby",
        f"{alone}gone",
    ]


async def test_of_one_that_stays_away_little_is_kept(
    progress: Progress, standby: Standby, told: list[Touched], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_HELD", 10)
    began = monotonic()
    for position in range(10, 100):
        progress._hear(f"[{position},{position + 1},[[{position}]]]")
    assert len(standby._awaited) <= 10
    assert began <= standby._awaited[0].at < math.inf
    standby._arrive(100, OIDS[0])
    assert told[0] == EVERYTHING


async def test_all_that_is_told_is_passed_on_in_order(progress: Progress) -> None:
    heard: list[Told] = []
    progress.pass_on(heard.append)
    for payload in ("[10,10]", "[10,11]", "[11,11,[[7]]]", "[13,14]", "[14,14]"):
        progress._hear(payload)
    assert heard == [Told(10, 11), Told(11, 11, Touched(statuses=(7,))), Told(11, 14, EVERYTHING)]
