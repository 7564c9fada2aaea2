"""How long a connection may stay as it is."""

from collections.abc import Callable

BODY_SECONDS = 60.0
"""How long nothing more of a body may come."""
BODY_RATE = 1_000
"""Bytes a second that a body must come to, once that time is over: drops one by one would hold a connection as well."""


class Patience:
    """With somebody who asks nothing for `seconds`, or whose body stops halfway or comes too slowly.

    Only time that is spent waiting for the sender counts: whoever takes in what came may take longer.
    """

    def __init__(self, seconds: float, now: Callable[[], float]) -> None:
        self._seconds = seconds
        self._now = now
        self._idle_since: float | None = now()
        self._reading_since: float | None = None
        self._waited = 0.0
        self._received = 0

    @property
    def idle(self) -> bool:
        """Whether nothing is being asked."""
        return self._idle_since is not None

    def asked(self) -> None:
        """A request has begun."""
        self._idle_since = None
        self._waited, self._received = 0.0, 0

    def answered(self) -> None:
        """It has been answered."""
        self._idle_since = self._now()

    def reads(self) -> None:
        """More of it is waited for."""
        self._reading_since = self._now()

    def has_read(self, size: int) -> None:
        """So many bytes more have come."""
        if self._reading_since is not None:
            self._waited += self._now() - self._reading_since
            self._reading_since = None
        self._received += size

    def left(self, *, in_body: bool) -> float:
        """Return how many seconds it may still take until somebody asks, or goes on with the body they send."""
        if self._idle_since is not None:
            return self._idle_since + self._seconds - self._now()
        if self._reading_since is None or not in_body:
            return self._seconds
        silent = self._now() - self._reading_since
        slow = self._waited + silent - self._received / BODY_RATE
        left = BODY_SECONDS - max(silent, slow)
        return max(left, 1.0) if left > 0 else 0.0  # who keeps just above the rate need not be looked at all the time
