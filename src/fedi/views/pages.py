"""Pages of long lists, as clients turn them: below `max_id`, above `since_id`, or the first ones above `min_id`."""

from collections.abc import Sequence
from typing import LiteralString, TypeVar

import msgspec
from psycopg.sql import SQL, Composed

T = TypeVar("T")


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of a list is wanted. The newest come first, whichever way it is turned."""

    limit: int
    max_id: int | None = None
    since_id: int | None = None
    min_id: int | None = None

    @property
    def values(self) -> dict[str, object]:
        """What the end of a statement made by `window` binds."""
        return msgspec.structs.asdict(self)

    @property
    def form(self) -> "Page":
        """The same page without its numbers: all that its statement depends on."""
        return Page(
            limit=0,
            max_id=None if self.max_id is None else 0,
            since_id=None if self.since_id is None else 0,
            min_id=None if self.min_id is None else 0,
        )

    def window(self, column: LiteralString) -> Composed:
        """Return the end of a SELECT that has a WHERE: bounds on the ids in `column`, order and limit.

        Only the bounds that are given stand in it, so that every form of page has a plan of its own.
        """
        given = [bound for name, bound in _BOUNDS.items() if getattr(self, name) is not None]
        order = _DOWNWARDS if self.min_id is None else _UPWARDS
        return SQL(" ").join([part.format(id=SQL(column)) for part in (*given, order)])

    def turned(self, rows: Sequence[T]) -> list[T]:
        """Return what such a statement found, the newest first."""
        return list(rows) if self.min_id is None else list(reversed(rows))


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """Something in a list that is ordered by ids of its own: `place` is where it stands, `id` what it is."""

    place: int
    id: int


_BOUNDS = {
    "max_id": SQL("AND {id} < %(max_id)s"),
    "since_id": SQL("AND {id} > %(since_id)s"),
    "min_id": SQL("AND {id} > %(min_id)s"),
}
_DOWNWARDS = SQL("ORDER BY {id} DESC LIMIT %(limit)s")
_UPWARDS = SQL("ORDER BY {id} ASC LIMIT %(limit)s")
