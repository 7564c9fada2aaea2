"""A crowd's timelines are written in haste first, and then in small pieces with a rest after each."""

from collections.abc import Iterator
from unittest import mock

import pytest

from fedi.projections.pace import AT_EASE, AT_ONCE, HASTE, LONGEST, Pace


@pytest.fixture
def clock() -> Iterator[mock.MagicMock]:
    with mock.patch("fedi.projections.pace.time") as time:
        time.perf_counter.return_value = 0.0
        yield time


def written(pace: Pace, readers: int, statuses: int = 1) -> list[int]:
    sizes = []
    for some in pace.pieces(range(readers), statuses):
        sizes.append(len(some))
        pace.rest()
    return sizes


def test_as_many_as_have_sockets_are_written_without_a_rest(clock: mock.MagicMock) -> None:
    pace = Pace()
    assert written(pace, HASTE - 50) + written(pace, 50) == [*[AT_ONCE] * (HASTE // AT_ONCE - 1), AT_ONCE - 50, 50]
    assert clock.sleep.call_count == 0


def test_many_posts_for_them_are_no_crowd(clock: mock.MagicMock) -> None:
    assert set(written(Pace(), HASTE, statuses=50)) == {AT_ONCE // 50}
    assert clock.sleep.call_count == 0


def test_a_crowd_gets_the_rest_in_small_pieces_and_others_as_much_time(clock: mock.MagicMock) -> None:
    clock.perf_counter.side_effect = [0.0, *[0.0] * (HASTE // AT_ONCE), 0.003, 0.010, 10.0, 20.0]
    pace = Pace()
    written(pace, HASTE)
    assert written(pace, AT_EASE + 3) == [AT_EASE, 3]
    assert [call.args[0] for call in clock.sleep.call_args_list] == [0.003, LONGEST]
