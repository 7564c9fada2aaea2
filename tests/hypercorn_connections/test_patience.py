"""How long somebody is waited for, by a clock of the test's own."""

import pytest

from fedi.hypercorn_connections.patience import BODY_RATE, BODY_SECONDS, Patience

SECONDS = 75.0


class Clock:
    """Stands still until it is told."""

    def __init__(self) -> None:
        self.time = 1_000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def patience(clock: Clock) -> Patience:
    return Patience(SECONDS, clock)


def send(patience: Patience, clock: Clock, seconds: float, size: int) -> None:
    patience.reads()
    clock.time += seconds
    patience.has_read(size)


def test_who_asks_nothing_has_the_time_from_the_last_answer(patience: Patience, clock: Clock) -> None:
    clock.time += 70
    assert patience.left(in_body=True) == 5
    patience.asked()
    clock.time += 70
    assert patience.left(in_body=True) == SECONDS
    assert not patience.idle
    patience.answered()
    assert patience.left(in_body=True) == SECONDS
    assert patience.idle


def test_a_body_may_be_silent_for_a_while(patience: Patience, clock: Clock) -> None:
    patience.asked()
    patience.reads()
    clock.time += BODY_SECONDS - 5
    assert patience.left(in_body=True) == 5
    assert patience.left(in_body=False) == SECONDS
    clock.time += 5
    assert patience.left(in_body=True) == 0


def test_a_body_must_come_to_something(patience: Patience, clock: Clock) -> None:
    patience.asked()
    send(patience, clock, BODY_SECONDS, BODY_RATE * 10)
    patience.reads()
    assert patience.left(in_body=True) == 10
    send(patience, clock, 20, BODY_RATE * 20)
    patience.reads()
    assert patience.left(in_body=True) == 10
    clock.time += 9.5
    assert patience.left(in_body=True) == 1  # and not less, however little is left
    clock.time += 1
    assert patience.left(in_body=True) == 0


def test_who_takes_in_what_came_may_take_longer(patience: Patience, clock: Clock) -> None:
    patience.asked()
    send(patience, clock, 1, 10)
    clock.time += 10 * BODY_SECONDS
    patience.reads()
    assert patience.left(in_body=True) > BODY_SECONDS - 2


def test_every_request_begins_anew(patience: Patience, clock: Clock) -> None:
    for _ in range(3):
        patience.asked()
        send(patience, clock, BODY_SECONDS - 1, 10)
        patience.answered()
    patience.asked()
    patience.reads()
    assert patience.left(in_body=True) == BODY_SECONDS
