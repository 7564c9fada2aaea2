"""The view of whom people show on their profiles: accounts they follow, as long as they do."""

from collections.abc import Sequence
from typing import Any

import msgspec
from psycopg import Cursor

from fedi.events.accounts import AccountEndorsed, AccountUnendorsed
from fedi.facts import Entry
from fedi.facts.accounts import AccountDeleted
from fedi.facts.relationships import AccountBlocked, FollowEnded
from fedi.projections.announcements import Announcement
from fedi.projections.memberships import reduce, write
from fedi.projections.projection import Projection, entry_id
from fedi.sql import queries

SQL = queries(__file__)


class _Row(msgspec.Struct, frozen=True):
    id: int | None
    account_id: int
    target_id: int


def apply(cursor: Cursor[Any], entries: Sequence[Entry]) -> list[Announcement]:
    """Add and remove endorsements."""
    write(cursor, SQL, reduce(act for entry in entries for act in _acts(entry)), _Row)
    gone = [entry.fact.account_id for entry in entries if isinstance(entry.fact, AccountDeleted)]
    if gone:
        cursor.execute(SQL["remove_gone"], {"accounts": gone})
    return []


def _acts(entry: Entry) -> Sequence[tuple[tuple[int, int], bool, int]]:
    match entry.fact:
        case AccountEndorsed(account_id=one, target_id=other):
            return [((one, other), True, entry_id(entry))]
        case AccountUnendorsed(account_id=one, target_id=other) | FollowEnded(account_id=one, target_id=other):
            return [((one, other), False, 0)]
        case AccountBlocked(account_id=one, target_id=other):
            return [((one, other), False, 0), ((other, one), False, 0)]
    return []


PROJECTION = Projection(
    name="endorsements",
    version=1,
    handles=(AccountEndorsed, AccountUnendorsed, FollowEnded, AccountBlocked, AccountDeleted),
    create=SQL["create"],
    apply=apply,
)
