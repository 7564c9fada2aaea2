"""How many hosts are sent to at once.

A host that was well when it was last sent to is given one of a few quick places. One that keeps us waiting moves to
the many slow ones, and one that failed begins there, so that four hundred hosts that take ten seconds each, or never
answer, leave the quick places to those that do.
"""

QUICK = 64
SLOW = 256


class Slots:
    """Counts hosts in their turn, the quick and the slow."""

    def __init__(self) -> None:
        self._quick: set[str] = set()
        self._slow: set[str] = set()

    @property
    def quick_free(self) -> int:
        """How many more hosts that are well may begin their turn."""
        return QUICK - len(self._quick)

    @property
    def slow_free(self) -> int:
        """How many more hosts that failed may begin their turn."""
        return SLOW - len(self._slow)

    def take(self, host: str, *, failing: bool = False) -> None:
        """A host begins its turn."""
        (self._slow if failing else self._quick).add(host)

    def slow(self, host: str) -> None:
        """A host keeps us waiting. While all slow places are taken it stays where it is: there is an end to sockets."""
        if host in self._quick and self.slow_free > 0:
            self._quick.remove(host)
            self._slow.add(host)

    def release(self, host: str) -> None:
        """A host's turn is over."""
        self._quick.discard(host)
        self._slow.discard(host)
