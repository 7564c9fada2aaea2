"""When those who follow the log are told of what was appended.

A notification wakes every session of the database that listens, whatever it listens for: each process has one or more.
Told of with every commit, a burst of activities costs the database more for that than for keeping them. So what follows
closely upon something else is told of only now and then, and the last of it as soon as nothing more comes.
"""

from collections.abc import Callable
from time import monotonic

CLOSE_SECONDS = 0.005
"""What begins so soon after something else has ended is part of a burst: a process that has much to take in looks at
what it took for some milliseconds before it has a batch."""
BETWEEN_SECONDS = 0.02
"""How long what is part of a burst may wait to be told of, while the burst lasts."""
AFTER_SECONDS = 0.003
"""How long after a burst the last of it is told of."""


class Telling:
    """What one writer has told of. `due` tells whether something is on disk that nobody was told of."""

    def __init__(self, ticks: Callable[[], float] = monotonic) -> None:
        self._ticks = ticks
        self._ended = float("-inf")
        self._told = float("-inf")
        self.due = False

    def is_wanted(self) -> bool:
        """Tell whether an append that begins now is to be told of with its commit."""
        now = self._ticks()
        return now - self._ended > CLOSE_SECONDS or now - self._told >= BETWEEN_SECONDS

    def appended(self, *, told: bool) -> None:
        """Note that something is on disk; whoever is `told` of it reads what came before it too."""
        self._ended = self._ticks()
        self.due = not told
        if told:
            self._told = self._ended
