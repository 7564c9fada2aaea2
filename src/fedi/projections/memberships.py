"""Sets that grow and shrink (favourites, bookmarks, pins, followed tags): what a batch of acts on them leaves.

Folding one by one, a member added twice keeps its first id, and one removed and added again gets a new one. `reduce`
gives the removals to make first and the additions to make then, so that one statement each ends in the same rows.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, TypeVar

import msgspec
from psycopg import Cursor

from fedi.projections.projection import rows
from fedi.sql import Queries

K = TypeVar("K", bound=Hashable)


class Change(msgspec.Struct, frozen=True):
    """What happened to one member in a batch: whether it was ever removed, and the id it has at the end, if any."""

    removed: bool
    id: int | None


def reduce(acts: Iterable[tuple[K, bool, int]]) -> dict[K, Change]:
    """Return what each member's acts (member, added or removed, id of the act), in order, come to."""
    changes: dict[K, Change] = {}
    for member, added, identifier in acts:
        before = changes.get(member, Change(False, None))
        if not added:
            changes[member] = Change(True, None)
        elif before.id is None:
            changes[member] = Change(before.removed, identifier)
    return changes


def write(
    cursor: Cursor[Any],
    queries: Queries,
    changes: Mapping[tuple[Any, ...], Change],
    row: Callable[..., msgspec.Struct],
) -> None:
    """Make changes in a view's table by its queries `remove` and `add`; `row` makes a row of an id and a member."""
    removed = [row(None, *member) for member, change in changes.items() if change.removed]
    added = [row(change.id, *member) for member, change in changes.items() if change.id is not None]
    if removed:
        cursor.execute(queries["remove"], {"rows": rows(removed)})
    if added:
        cursor.execute(queries["add"], {"rows": rows(added)})
