"""How a host's answers change the pace at which it is sent to."""

from fedi.effects.pace import FIRST_GAP, LONGEST_GAP, WIDEST, Pace, after_answers, after_failure


def test_a_quick_host_is_given_more_at_once_up_to_a_bound() -> None:
    pace = Pace()
    for _ in range(50):
        pace = after_answers(pace, sent=50, slowest=0.05)
    assert pace == Pace(width=WIDEST)


def test_a_host_that_was_sent_little_has_shown_nothing() -> None:
    assert after_answers(Pace(width=3), sent=2, slowest=0.01) == Pace(width=3)
    assert after_answers(Pace(), sent=1, slowest=0.01) == Pace()


def test_a_host_that_grows_slow_is_given_half() -> None:
    assert after_answers(Pace(width=8), sent=50, slowest=1.5) == Pace(width=4)
    assert after_answers(Pace(width=8), sent=50, slowest=0.8) == Pace(width=8)
    assert after_answers(Pace(), sent=1, slowest=9.0) == Pace()


def test_a_host_that_fails_is_given_one_thing_at_a_time() -> None:
    assert after_failure(Pace(width=8), 503) == Pace()
    assert after_failure(Pace(width=8), None) == Pace()


def test_a_host_that_calls_it_too_much_gets_a_gap_that_grows_and_shrinks() -> None:
    pace = after_failure(Pace(width=8), 429)
    assert pace == Pace(gap=FIRST_GAP)
    for _ in range(20):
        pace = after_failure(pace, 429)
    assert pace == Pace(gap=LONGEST_GAP)
    taken = 0
    while pace.gap:
        pace = after_answers(pace, sent=1, slowest=0.01)
        assert pace.width == 1
        taken += 1
    assert 200 < taken < 400
