"""How fast the timelines of a crowd are written: so that whoever else reads meanwhile hardly notices.

A thousand and some are written as fast as they can be, for sockets wait. After that a few are written at a time, in
less time than others would notice Redis to be at work, and after each few comes a rest. Ten thousand are to be written
within two seconds: where that goes quickly there is time for long rests, and where it does not they are shorter. What
comes after waits meanwhile, so whoever is left of a still larger crowd is written with the shortest rests.
"""

import time
from collections.abc import Iterator, Sequence
from itertools import islice

HASTE = 1_200
"""Readers who are written without a rest."""
AT_ONCE = 100
"""Readings that are written before Redis answers somebody else, in haste."""
AT_EASE = 8
"""And after that: Redis is then asked by others between any few."""
READING_SECONDS = 0.00017
"""What a reading may take after that, with its share of the rests: 1.5 s for those of ten thousand who are left."""
CROWD_SECONDS = 1.5
"""What all of them may take so."""
SHORTEST, LONGEST = 0.25, 0.02
"""The shortest rest, for each second that was written before it; and the seconds of the longest: where others keep
everything busy, a crowd is not to wait for their end."""


class Pace:
    """Of one batch that is written: begins when it is made."""

    def __init__(self) -> None:
        self._written = 0
        self._left = CROWD_SECONDS
        self._since = self._due = time.perf_counter()

    @property
    def at_once(self) -> int:
        """Readings that are to be written together now."""
        return AT_ONCE if self._written < HASTE else AT_EASE

    def pieces(self, readers: Sequence[int], statuses: int) -> Iterator[list[int]]:
        """Yield readers who are written together, each of whom gets so many statuses."""
        waiting = iter(readers)
        while some := list(islice(waiting, max(1, self.at_once // statuses))):
            self._written += len(some)
            self._due += self._allowed(len(some) * statuses)
            yield some

    def _allowed(self, readings: int) -> float:
        """Return how many seconds so many readings may take."""
        seconds = min(readings * READING_SECONDS, self._left)
        if self._written > HASTE:
            self._left -= seconds
        return seconds

    def rest(self) -> None:
        """Rest until what was written is due, if a crowd was; at least a part of what it took since the last rest."""
        now = time.perf_counter()
        if self._written > HASTE:
            time.sleep(min(max(self._due - now, SHORTEST * (now - self._since)), LONGEST))
            now = time.perf_counter()
        else:
            self._due = now
        self._since = now
