"""What a projection is: a view's name and version, the facts it folds, its tables, and how a batch changes them.

A handler gets facts in order and answers with set-based SQL on the cursor it is given; folding one by one or by the
hundred must give the same rows. What it has to tell may be made when it is looked at, as nobody does in a rebuild.
It knows no clock, no setting, no network: its only time is that of the entries.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
from psycopg import Cursor
from psycopg.sql import SQL, Composed

from fedi.events import Event
from fedi.facts import Entry, Fact
from fedi.projections.announcements import Announcement

Handler = Callable[[Cursor[Any], Sequence[Entry]], Iterable[Announcement]]
_encode = msgspec.json.Encoder().encode


class Asking(msgspec.Struct, frozen=True):
    """Asks what a handler begins with, of tables that only its projection changes, and returns the handler.

    That is done before any projection changes anything, so that nobody waits in the midst of that.
    """

    ask: Callable[[Cursor[Any], Sequence[Entry]], Handler]


class Projection(msgspec.Struct, frozen=True, kw_only=True):
    """One view. Raise `version` whenever the same facts would now give other rows: the view is then folded anew."""

    name: str
    version: int
    handles: tuple[type[Fact | Event], ...]
    create: SQL | Composed
    apply: Handler | Asking
    indexes: SQL | None = None
    """Indexes, of columns that are never too large for one, by which no projection looks: see `generation.index`."""
    after: tuple[str, ...] = ()
    """The projections whose tables this one reads or changes; they see each batch first."""


def rows(values: Iterable[msgspec.Struct]) -> str:
    """Return rows as the JSON that `json_populate_recordset` takes: one parameter, however many rows and columns."""
    return _encode(list(values)).decode()


def entry_id(entry: Entry) -> int:
    """Return a number that no other fact has and that grows with the log: pages go by it."""
    return entry.position << 12 | entry.ordinal
