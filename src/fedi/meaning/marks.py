"""Which keys and ids were written so far, without holding them: what has no mark was not, and need not be asked for.

Who folds a log from its start writes all references itself, and most keys that it meets are new: each cost two searches
in the database that find nothing. A mark is a byte that may be another key's as well, which costs a search too many.
"""

from collections.abc import Iterable

DIGITS = 6
"""Hexadecimal digits of a key, which is a digest already, that choose its mark."""
SLOTS = 1 << 4 * DIGITS
"""Bytes for the marks of keys, and as many for those of ids; the system lends them when they are first written."""


class Marks:
    """Marks of keys and of ids."""

    def __init__(self) -> None:
        self._keys = bytearray(SLOTS)
        self._ids = bytearray(SLOTS)

    def key(self, key: str) -> None:
        """Mark a key."""
        self._keys[int(key[:DIGITS], 16)] = 1

    def id(self, identifier: int) -> None:
        """Mark an id; its lowest bit tells nothing."""
        self._ids[(identifier >> 1) % SLOTS] = 1

    def keys_in(self, keys: Iterable[str]) -> list[str]:
        """Return those of some keys that may have been marked."""
        marked = self._keys
        return [key for key in keys if marked[int(key[:DIGITS], 16)]]

    def ids_in(self, ids: Iterable[int]) -> list[int]:
        """Return those of some ids that may have been marked."""
        marked = self._ids
        return [identifier for identifier in ids if marked[(identifier >> 1) % SLOTS]]
