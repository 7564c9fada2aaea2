"""Ids of statuses and accounts: 48 bits of milliseconds, then 16 bits that tell the ids of one millisecond apart.

For what is born here the low bits are the process's slot and a sequence, and the last bit is 0; for what comes from
elsewhere they are a digest of its URI, so that folding the log twice gives the same ids, and the last bit is 1. So a
local id, which its URI carries and nothing can change any more, is never taken already. Ids sort by time, as Mastodon's
clients expect.
"""

import threading
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SLOTS = 64
SEQUENCE_BITS = 9


def milliseconds(moment: datetime) -> int:
    """Return whole milliseconds from the Unix epoch to `moment`; never negative."""
    since = moment - EPOCH  # its parts: to divide by a timedelta takes longer, and a fold does this with all posts
    return max(0, since.days * 86_400_000 + since.seconds * 1000 + since.microseconds // 1000)


def id_at(moment: datetime, low: int = 0) -> int:
    """Return the id of `moment` with the given 16 low bits."""
    return milliseconds(moment) << 16 | low & 0xFFFF


def moment_of(identifier: int) -> datetime:
    """Return the time at which an id was allotted, in UTC, to the millisecond."""
    return EPOCH + timedelta(milliseconds=identifier >> 16)


def is_of_here(identifier: int) -> bool:
    """Tell whether what has an id was born here."""
    return not identifier & 1


def id_of_digest(moment: datetime, digest: str) -> int:
    """Return the first choice of id for a remote object: its time and the SHA-256 of its URI, in hexadecimal."""
    return milliseconds(moment) << 16 | int(digest[:4], 16) | 1


class IdMint:
    """Allots ids that no other process allots, as long as each process has a slot of its own.

    `slot` is 0 to 63. Within one millisecond 512 ids are allotted; then time is borrowed from the next one. The clock
    going back does not make ids go back.
    """

    def __init__(self, slot: int) -> None:
        if not 0 <= slot < SLOTS:
            raise ValueError(f"slot {slot} is outside 0..{SLOTS - 1}")
        self._slot = slot
        self._last = (0, 0)
        self._lock = threading.Lock()

    def allot(self, moment: datetime) -> int:
        """Return a new id for something that happens at `moment`."""
        with self._lock:
            last_ms, sequence = self._last
            ms = milliseconds(moment)
            if ms <= last_ms:
                ms, sequence = last_ms, sequence + 1
                if sequence >> SEQUENCE_BITS:
                    ms, sequence = last_ms + 1, 0
            else:
                sequence = 0
            self._last = (ms, sequence)
        return ms << 16 | self._slot << (SEQUENCE_BITS + 1) | sequence << 1
