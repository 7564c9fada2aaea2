"""How long the projector waits, so that more events share a batch: not at all for who writes alone."""

import threading
import time

import pytest

from fedi.log.insert import append_now
from fedi.projections import generation, runner
from fedi.projections.runner import FLOOD_REST, REST, rest
from tests.support.events import draft
from tests.support.talking import live_views
from tests.support.whole import eventually


@pytest.mark.parametrize(
    ("events", "seconds", "soon", "expected"),
    [
        (1, 0.5, False, 0.0),
        (1, 0.002, False, 0.0),
        (1, 0.015, True, REST),
        (50, 0.5, False, REST),  # all at once, and nothing before
        (10, 0.018, True, REST),
        (32, 0.018, True, FLOOD_REST),
        (70, 0.04, False, FLOOD_REST),
        (30, 0.04, False, REST),
    ],
)
def test_the_more_is_being_said_the_longer_is_the_rest(
    events: int, seconds: float, soon: bool, expected: float
) -> None:
    assert rest(events, seconds, soon=soon) == expected


def test_it_goes_by_what_came_since_the_batch_before(
    database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, float]] = []

    def resting(events: int, seconds: float, *, soon: bool) -> float:
        asked.append((events, seconds))
        return 0.0

    monkeypatch.setattr(runner, "rest", resting)
    stop, begun = threading.Event(), time.monotonic()
    running = threading.Thread(target=runner.run, args=(database_url, redis_url, stop))
    with live_views(database_url) as connection:
        append_now(connection, [draft(number) for number in range(12)])
        running.start()
        try:
            eventually(lambda: generation.position(connection) == 12)
            append_now(connection, [draft()])
            eventually(lambda: len(asked) == 2)
        finally:
            stop.set()
            running.join()
    assert [events for events, _ in asked] == [12, 1]
    assert 0 < asked[1][1] < time.monotonic() - begun
