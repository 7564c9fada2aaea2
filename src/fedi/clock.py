"""The one place where the program asks what time it is.

Folds never import this module: their only clock is an event's `recorded_at`.
"""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """Return the current time, aware, in UTC."""
    return datetime.now(UTC)
