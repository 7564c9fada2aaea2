"""How fast the timelines of a crowd are written: so that whoever else reads meanwhile hardly notices.

A thousand and some are written as fast as they can be, for sockets wait. After that a few are written at a time, in
less time than others would notice Redis to be at work, and after each few comes a rest as long as that took: there are
two seconds for ten thousand.
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
LONGEST = 0.02
"""Seconds of the longest rest: where others keep everything busy, a crowd is not to wait for their end."""


class Pace:
    """Of one batch that is written: begins when it is made."""

    def __init__(self) -> None:
        self._written = 0
        self._since = time.perf_counter()

    @property
    def at_once(self) -> int:
        """Readings that are to be written together now."""
        return AT_ONCE if self._written < HASTE else AT_EASE

    def pieces(self, readers: Sequence[int], statuses: int) -> Iterator[list[int]]:
        """Yield readers who are written together, each of whom gets so many statuses."""
        waiting = iter(readers)
        while some := list(islice(waiting, max(1, self.at_once // statuses))):
            self._written += len(some)
            yield some

    def rest(self) -> None:
        """Rest for as long as it took to write since the last rest, if a crowd was written."""
        if self._written > HASTE:
            time.sleep(min(time.perf_counter() - self._since, LONGEST))
        self._since = time.perf_counter()
