"""Addresses from which comes much that is refused are told to wait, before anything of it is read (S-073)."""

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

from fedi.errors import PeerError

MOST = 600
"""Refused POSTs of one address within a minute, over those that were taken in: a large server is wrong now and then."""
MOST_ENDS = 3_000
"""Ends of strangers that one address may tell of within a minute: a server that closes tells everybody."""
SECONDS = 60.0
REMEMBERED = 10_000
"""Addresses; the one that was heard of longest ago is forgotten first."""


class TooMuchJunk(PeerError):
    """Most of what you send is refused. Please wait."""

    status = 429
    reason = "too_much_junk"


class Junk:
    """Counts for this process. A caller without an address, as on a unix socket, is not counted."""

    def __init__(self, most: int = MOST, ticks: Callable[[], float] = monotonic) -> None:
        self._most = most
        self._ticks = ticks
        self._counted: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def check(self, caller: str) -> None:
        """Raise `TooMuchJunk` if a caller has to wait."""
        until, refused = self._counted.get(caller, (0.0, 0))
        if refused >= self._most and self._ticks() < until:
            raise TooMuchJunk

    def refused(self, caller: str) -> None:
        """Note that something was refused for good."""
        if not caller:
            return
        until, refused = self._counted.get(caller, (0.0, 0))
        now = self._ticks()
        self._counted[caller] = (until, refused + 1) if now < until else (now + SECONDS, 1)
        self._counted.move_to_end(caller)
        if len(self._counted) > REMEMBERED:
            self._counted.popitem(last=False)

    def taken(self, caller: str) -> None:
        """Note that something was taken in, which makes up for something that was not."""
        until, refused = self._counted.get(caller, (0.0, 0))
        if refused > 1:
            self._counted[caller] = until, refused - 1
        elif refused:
            del self._counted[caller]
