"""The view of hashtags that people show on their profiles."""

from collections.abc import Sequence
from typing import Any

import msgspec
from psycopg import Cursor

from fedi.events.tags import TagFeatured, TagUnfeatured
from fedi.facts import AccountDeleted, Entry
from fedi.projections.announcements import Announcement
from fedi.projections.memberships import reduce, write
from fedi.projections.projection import Projection, entry_id
from fedi.sql import queries

SQL = queries(__file__)


def apply(cursor: Cursor[Any], entries: Sequence[Entry]) -> list[Announcement]:
    """Add and remove featured tags."""
    written = {entry_id(entry): entry.fact.written for entry in entries if isinstance(entry.fact, TagFeatured)}

    def row(identifier: int | None, account_id: int, name: str) -> _Row:
        return _Row(identifier, account_id, name, "" if identifier is None else written[identifier])

    changes = reduce(
        ((entry.fact.account_id, entry.fact.name), isinstance(entry.fact, TagFeatured), entry_id(entry))
        for entry in entries
        if isinstance(entry.fact, TagFeatured | TagUnfeatured)
    )
    write(cursor, SQL, changes, row)
    gone = [entry.fact.account_id for entry in entries if isinstance(entry.fact, AccountDeleted)]
    if gone:
        cursor.execute(SQL["remove_gone"], {"accounts": gone})
    return []


class _Row(msgspec.Struct, frozen=True):
    id: int | None
    account_id: int
    name: str
    written: str


PROJECTION = Projection(
    name="featured_tags",
    version=1,
    handles=(TagFeatured, TagUnfeatured, AccountDeleted),
    create=SQL["create"],
    apply=apply,
)
