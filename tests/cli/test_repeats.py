"""The log of a process does not grow by what it has just said."""

import logging

from fedi.cli.repeats import REMEMBERED, SECONDS, Repeats


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def said(repeats: Repeats, text: str, *args: object, name: str = "fedi.a") -> str | None:
    """Return what would be written of a line."""
    record = logging.LogRecord(name, logging.WARNING, __file__, 1, text, args, None)
    return record.getMessage() if repeats.filter(record) else None


def test_a_line_is_written_once_in_a_while_and_then_tells_how_often_it_was_said() -> None:
    clock = Clock()
    repeats = Repeats(clock)
    assert said(repeats, "it waits: %s", "away") == "it waits: away"
    for _ in range(7):
        clock.now += 1
        assert said(repeats, "it waits: %s", "away") is None
    clock.now += SECONDS
    assert said(repeats, "it waits: %s", "away") == "it waits: away (7 times more since it was last told)"
    clock.now += SECONDS
    assert said(repeats, "it waits: %s", "away") == "it waits: away"


def test_other_lines_are_written_beside_it() -> None:
    repeats = Repeats(Clock())
    assert said(repeats, "it waits: %s", "away") == "it waits: away"
    assert said(repeats, "it waits: %s", "full") == "it waits: full"
    assert said(repeats, "it waits: away", name="fedi.b") == "it waits: away"


def test_a_line_that_cannot_be_put_together_is_left_to_logging() -> None:
    record = logging.LogRecord("fedi.a", logging.WARNING, __file__, 1, "%d", ("no number",), None)
    assert Repeats(Clock()).filter(record)


def test_not_every_line_is_remembered() -> None:
    repeats = Repeats(Clock())
    assert all(said(repeats, "line %d", number) for number in range(REMEMBERED + 1))
    assert said(repeats, "line 0") == "line 0"
    assert said(repeats, "line %d", REMEMBERED) is None
