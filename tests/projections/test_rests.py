"""How long the projector waits, so that more events share a batch: not at all for who writes alone."""

import pytest

from fedi.projections.runner import FLOOD_REST, REST, rest


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
