"""The view of what people put aside."""

from collections.abc import Sequence
from typing import Any

import msgspec
from psycopg import Cursor

from fedi.events.statuses import StatusBookmarked, StatusUnbookmarked
from fedi.facts import Entry
from fedi.facts.accounts import AccountDeleted
from fedi.facts.statuses import StatusDeleted
from fedi.projections.announcements import Announcement
from fedi.projections.memberships import reduce, write
from fedi.projections.projection import Projection, entry_id
from fedi.sql import queries

SQL = queries(__file__)


class _Row(msgspec.Struct, frozen=True):
    id: int | None
    account_id: int
    status_id: int


def apply(cursor: Cursor[Any], entries: Sequence[Entry]) -> list[Announcement]:
    """Add and remove bookmarks."""
    changes = reduce(
        ((entry.fact.account_id, entry.fact.status_id), isinstance(entry.fact, StatusBookmarked), entry_id(entry))
        for entry in entries
        if isinstance(entry.fact, StatusBookmarked | StatusUnbookmarked)
    )
    write(cursor, SQL, changes, _Row)
    if any(isinstance(entry.fact, StatusDeleted | AccountDeleted) for entry in entries):
        statuses = [entry.fact.status_id for entry in entries if isinstance(entry.fact, StatusDeleted)]
        accounts = [entry.fact.account_id for entry in entries if isinstance(entry.fact, AccountDeleted)]
        cursor.execute(SQL["remove_gone"], {"statuses": statuses, "accounts": accounts})
    return []


PROJECTION = Projection(
    name="bookmarks",
    version=2,
    handles=(StatusBookmarked, StatusUnbookmarked, StatusDeleted, AccountDeleted),
    create=SQL["create"],
    indexes=SQL["indexes"],
    apply=apply,
    after=("statuses",),
)
