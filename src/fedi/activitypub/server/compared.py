"""What was compared with others lately."""

from collections import OrderedDict

REMEMBERED = 10_000


class Compared:
    """Which digests of followers were found right, or are being looked into: senders say them with every post."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, str] = OrderedDict()

    def is_known(self, actor: str, digest: str) -> bool:
        """Tell whether an actor's digest was the same the last time."""
        return self._known.get(actor) == digest

    def remember(self, actor: str, digest: str) -> None:
        """Note what an actor said."""
        self._known[actor] = digest
        self._known.move_to_end(actor)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
