"""How often what came of the requests to the inboxes: all that remains of those that were refused."""

from collections import Counter
from collections.abc import Mapping


class Tally:
    """Counts outcomes by a short constant reason; in memory, for this process."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def count(self, outcome: str) -> None:
        """Note one more."""
        self._counts[outcome] += 1

    def counts(self) -> Mapping[str, int]:
        """Return how often each outcome was met since this process began."""
        return dict(self._counts)
