"""Which names and ids were written so far, without holding them: what has no mark was not, and need not be asked for.

Who folds a log from its start writes all references itself, and most names that it meets are new: each cost two
searches in the database that find nothing. A mark is a byte that may be another name's as well: a search too many.
"""

from collections.abc import Iterable

SLOTS = 1 << 24
"""Bytes for the marks of names, and as many for those of ids; the system lends them when they are first written."""
_LAST = SLOTS - 1


class Marks:
    """Marks of names and of ids, good for one process: they stand where Python's own hash of a name says."""

    def __init__(self) -> None:
        self._names = bytearray(SLOTS)
        self._ids = bytearray(SLOTS)

    def name(self, name: str) -> None:
        """Mark a name."""
        self._names[hash(name) & _LAST] = 1

    def id(self, identifier: int) -> None:
        """Mark an id; its lowest bit tells nothing."""
        self._ids[identifier >> 1 & _LAST] = 1

    def has_name(self, name: str) -> bool:
        """Tell whether a name may have been marked."""
        return self._names[hash(name) & _LAST] == 1

    def has_id(self, identifier: int) -> bool:
        """Tell whether an id may have been marked."""
        return self._ids[identifier >> 1 & _LAST] == 1

    def names_in(self, names: Iterable[str]) -> list[str]:
        """Return those of some names that may have been marked."""
        marked = self._names
        return [name for name in names if marked[hash(name) & _LAST]]

    def ids_in(self, ids: Iterable[int]) -> list[int]:
        """Return those of some ids that may have been marked."""
        marked = self._ids
        return [identifier for identifier in ids if marked[identifier >> 1 & _LAST]]
