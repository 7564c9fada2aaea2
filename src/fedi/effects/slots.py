"""How many hosts are sent to at once.

A host is first given one of a few quick slots. One that keeps us waiting moves to the many slow ones, so that four
hundred hosts that take ten seconds each leave the quick slots to those that answer.
"""

QUICK = 64
ALL = 320


class Slots:
    """Counts hosts in their turn, the quick and the slow."""

    def __init__(self) -> None:
        self._quick: set[str] = set()
        self._slow: set[str] = set()

    def free(self) -> int:
        """Return how many more hosts may begin their turn."""
        return min(QUICK - len(self._quick), ALL - len(self._quick) - len(self._slow))

    def take(self, host: str) -> None:
        """A host begins its turn."""
        self._quick.add(host)

    def slow(self, host: str) -> None:
        """A host keeps us waiting."""
        if host in self._quick:
            self._quick.remove(host)
            self._slow.add(host)

    def release(self, host: str) -> None:
        """A host's turn is over."""
        self._quick.discard(host)
        self._slow.discard(host)
