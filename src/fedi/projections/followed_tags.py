"""The view of hashtags that people follow."""

from collections.abc import Sequence
from typing import Any

import msgspec
from psycopg import Cursor

from fedi.events.tags import TagFollowed, TagUnfollowed
from fedi.facts import Entry
from fedi.facts.accounts import AccountDeleted
from fedi.projections.announcements import Announcement
from fedi.projections.memberships import reduce, write
from fedi.projections.projection import Projection, entry_id
from fedi.sql import queries

SQL = queries(__file__)


class _Row(msgspec.Struct, frozen=True):
    id: int | None
    account_id: int
    name: str


def apply(cursor: Cursor[Any], entries: Sequence[Entry]) -> list[Announcement]:
    """Add and remove followed tags."""
    changes = reduce(
        ((entry.fact.account_id, entry.fact.name), isinstance(entry.fact, TagFollowed), entry_id(entry))
        for entry in entries
        if isinstance(entry.fact, TagFollowed | TagUnfollowed)
    )
    write(cursor, SQL, changes, _Row)
    gone = [entry.fact.account_id for entry in entries if isinstance(entry.fact, AccountDeleted)]
    if gone:
        cursor.execute(SQL["remove_gone"], {"accounts": gone})
    return []


PROJECTION = Projection(
    name="followed_tags",
    version=2,
    handles=(TagFollowed, TagUnfollowed, AccountDeleted),
    create=SQL["create"],
    apply=apply,
)
