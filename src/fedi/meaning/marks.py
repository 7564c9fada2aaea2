"""Which names and ids were written so far, without holding them: what has no mark was not, and need not be asked for.

Who folds a log from its start writes all references itself, and most names that it meets are new: each cost two
searches in the database that find nothing. A mark is a bit that may be another name's as well: a search too many.
"""

from collections.abc import Iterable

SLOTS = 1 << 27
"""Bits for the marks of names, and as many for those of ids: 16 MB each, which the system lends when they are first
written. The 4.6 million references of a world of a million posts fill one in thirty."""
_LAST = SLOTS - 1


class Marks:
    """Marks of names and of ids, good for one process: they stand where Python's own hash of a name says."""

    def __init__(self) -> None:
        self._names = bytearray(SLOTS >> 3)
        self._ids = bytearray(SLOTS >> 3)

    def name(self, name: str) -> None:
        """Mark a name."""
        slot = hash(name) & _LAST
        self._names[slot >> 3] |= 1 << (slot & 7)

    def id(self, identifier: int) -> None:
        """Mark an id; its lowest bit tells nothing."""
        slot = identifier >> 1 & _LAST
        self._ids[slot >> 3] |= 1 << (slot & 7)

    def has_name(self, name: str) -> bool:
        """Tell whether a name may have been marked."""
        slot = hash(name) & _LAST
        return self._names[slot >> 3] >> (slot & 7) & 1 == 1

    def has_id(self, identifier: int) -> bool:
        """Tell whether an id may have been marked."""
        slot = identifier >> 1 & _LAST
        return self._ids[slot >> 3] >> (slot & 7) & 1 == 1

    def names_in(self, names: Iterable[str]) -> list[str]:
        """Return those of some names that may have been marked."""
        marked = self._names
        return [name for name in names if marked[(slot := hash(name) & _LAST) >> 3] >> (slot & 7) & 1]

    def ids_in(self, ids: Iterable[int]) -> list[int]:
        """Return those of some ids that may have been marked."""
        return [identifier for identifier in ids if self.has_id(identifier)]
