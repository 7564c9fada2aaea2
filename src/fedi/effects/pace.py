"""How fast a host is sent to, learnt from how it answers. Pure.

Everybody begins with one thing at a time. A host that quickly takes what comes in a row is then given one more at once;
one that grows slow is given half as many, one that fails one alone. To a host that says it was too much (429) things go
one by one with a gap between them, which shrinks for as long as it does not say so again.
"""

import msgspec

WIDEST = 8
QUICK_SECONDS = 0.5
"""A host whose slowest answer of a turn comes within this may be given more at once."""
SLOW_SECONDS = 1.0
"""A host that takes longer for an answer gives up its quick place, and some of what it was given at once."""
FIRST_GAP = 1.0
LONGEST_GAP = 60.0
GAP_SHRINKS = 0.98
GAP_ENDS = 0.1

_TOO_MUCH = 429


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """How many deliveries a host is given at once, and how many seconds are left between two."""

    width: int = 1
    gap: float = 0.0


def after_answers(pace: Pace, sent: int, slowest: float) -> Pace:
    """Return the pace after a turn in which so many went out and none failed; `slowest` in seconds."""
    if pace.gap:
        shrunk = pace.gap * GAP_SHRINKS**sent
        return Pace(width=1, gap=shrunk if shrunk >= GAP_ENDS else 0.0)
    if slowest > SLOW_SECONDS:
        return Pace(width=max(1, pace.width // 2))
    if slowest <= QUICK_SECONDS and sent >= 2 * pace.width:
        return Pace(width=min(pace.width + 1, WIDEST))
    return pace


def after_failure(pace: Pace, status: int | None) -> Pace:
    """Return the pace after a failure with this status, None where nothing answered."""
    if status == _TOO_MUCH:
        return Pace(gap=min(max(2 * pace.gap, FIRST_GAP), LONGEST_GAP))
    return Pace(gap=pace.gap)
