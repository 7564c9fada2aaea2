"""The view of who favourited what."""

from collections.abc import Sequence
from typing import Any

import msgspec
from psycopg import Cursor

from fedi.facts import Entry
from fedi.facts.accounts import AccountDeleted
from fedi.facts.interactions import StatusFavourited, StatusUnfavourited
from fedi.facts.statuses import StatusDeleted
from fedi.projections.announcements import Announcement
from fedi.projections.memberships import reduce
from fedi.projections.projection import Projection, entry_id, rows
from fedi.sql import queries

SQL = queries(__file__)


class _Row(msgspec.Struct, frozen=True):
    id: int | None
    account_id: int
    status_id: int
    emoji: str = ""


def apply(cursor: Cursor[Any], entries: Sequence[Entry]) -> list[Announcement]:
    """Add and remove favourites, and count what really changed."""
    emojis = {
        (fact.account_id, fact.status_id): fact.emoji
        for fact in (entry.fact for entry in entries)
        if isinstance(fact, StatusFavourited)
    }
    changes = reduce(
        ((entry.fact.account_id, entry.fact.status_id), isinstance(entry.fact, StatusFavourited), entry_id(entry))
        for entry in entries
        if isinstance(entry.fact, StatusFavourited | StatusUnfavourited)
    )
    removed = [_Row(None, *pair) for pair, change in changes.items() if change.removed]
    added = [_Row(change.id, *pair, emojis[pair]) for pair, change in changes.items() if change.id is not None]
    if removed:
        cursor.execute(SQL["remove"], {"rows": rows(removed)})
        cursor.execute(SQL["uncount"], {"ids": [row.status_id for row in removed]})
    if added:
        cursor.execute(SQL["add"], {"rows": rows(added)})
    statuses = [entry.fact.status_id for entry in entries if isinstance(entry.fact, StatusDeleted)]
    if statuses:
        cursor.execute(SQL["remove_of_statuses"], {"ids": statuses})
    accounts = [entry.fact.account_id for entry in entries if isinstance(entry.fact, AccountDeleted)]
    if accounts:
        cursor.execute(SQL["of_accounts"], {"ids": accounts})
        lost = [row[0] for row in cursor.fetchall()]
        cursor.execute(SQL["remove_of_accounts"], {"ids": accounts})
        cursor.execute(SQL["uncount"], {"ids": lost})
    return []


PROJECTION = Projection(
    name="favourites",
    version=3,
    handles=(StatusFavourited, StatusUnfavourited, StatusDeleted, AccountDeleted),
    create=SQL["create"],
    indexes=SQL["indexes"],
    apply=apply,
    after=("statuses",),
)
