"""A crowd's timelines are written in haste first, and then in small pieces with a rest after each."""

from collections.abc import Iterator
from unittest import mock

import pytest

from fedi.projections.pace import AT_EASE, AT_ONCE, CROWD_SECONDS, HASTE, LONGEST, READING_SECONDS, SHORTEST, Pace


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


def test_a_crowd_gets_the_rest_in_small_pieces_each_when_it_is_due(clock: mock.MagicMock) -> None:
    pace = Pace()
    clock.perf_counter.return_value = 5.0
    written(pace, HASTE)
    assert written(pace, 2 * AT_EASE + 3) == [AT_EASE, AT_EASE, 3]
    due = [AT_EASE * READING_SECONDS, 2 * AT_EASE * READING_SECONDS, (2 * AT_EASE + 3) * READING_SECONDS]
    assert [call.args[0] for call in clock.sleep.call_args_list] == pytest.approx(due)


def test_what_many_posts_take_is_due_later(clock: mock.MagicMock) -> None:
    pace = Pace()
    written(pace, HASTE)
    assert written(pace, 2, statuses=4) == [2]
    assert clock.sleep.call_args.args[0] == pytest.approx(2 * 4 * READING_SECONDS)


def test_others_get_a_little_time_where_it_is_late_and_nobody_waits_long(clock: mock.MagicMock) -> None:
    pace = Pace()
    written(pace, HASTE)
    clock.perf_counter.side_effect = [1.0, 1.0, 1.008, 1.008, 9.0, 9.0]
    written(pace, 3 * AT_EASE)
    assert [call.args[0] for call in clock.sleep.call_args_list] == pytest.approx([LONGEST, SHORTEST * 0.008, LONGEST])


def test_those_who_are_left_of_a_huge_crowd_do_not_hold_up_what_comes_after(clock: mock.MagicMock) -> None:
    pace, passed = Pace(), 0.0
    written(pace, HASTE)
    clock.perf_counter.side_effect = lambda: passed

    def sleep(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    clock.sleep.side_effect = sleep
    written(pace, 10_000 - HASTE)
    assert passed == pytest.approx((10_000 - HASTE) * READING_SECONDS, abs=0.02)
    written(pace, 90_000)
    assert passed == pytest.approx(CROWD_SECONDS)
