"""What is said again and again is said once in a while: an outage must not fill the disk with its own story."""

import logging
import time
from collections.abc import Callable

SECONDS = 30.0
REMEMBERED = 1000


class Repeats(logging.Filter):
    """Leaves out a line that was said to the letter less than half a minute ago; the next one tells how often it was.

    While the database is away every loop of every role says so each second.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._said: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a line is to be written."""
        try:
            text = record.getMessage()
        except (TypeError, ValueError):
            return True  # somebody's line that cannot be put together: logging itself says so
        now, key = self._clock(), (record.name, text)
        at, left_out = self._said.get(key, (now - SECONDS, 0))
        if now - at < SECONDS:
            self._said[key] = (at, left_out + 1)
            return False
        if left_out:
            record.msg, record.args = f"{text} ({left_out} times more since it was last told)", None
        if len(self._said) >= REMEMBERED:
            self._said.clear()
        self._said[key] = (now, 0)
        return True
