"""The index of words: at which positions of the log there are words of which posts and actors."""

from collections.abc import Sequence
from typing import Any

from psycopg import Cursor

from fedi.copying import copy
from fedi.meaning.names import Key

Index = list[tuple[Key, int]]
"""At which positions of the log there are words of what."""


def copy_index(cursor: Cursor[Any], found: Sequence[tuple[Key, int]]) -> None:
    """Write at which positions of the log there are words of what."""
    if found:
        copy(cursor, "log_index", ("key", "position"), found)
