"""The view of what people wrote down, for themselves alone, about others."""

from collections.abc import Sequence
from typing import Any

import msgspec
from psycopg import Cursor

from fedi.events.accounts import AccountNoted
from fedi.facts import Entry
from fedi.facts.accounts import AccountDeleted
from fedi.projections.announcements import Announcement
from fedi.projections.projection import Projection, rows
from fedi.sql import queries

SQL = queries(__file__)


class _Row(msgspec.Struct, frozen=True):
    account_id: int
    target_id: int
    comment: str


def apply(cursor: Cursor[Any], entries: Sequence[Entry]) -> list[Announcement]:
    """Keep the last note of each pair."""
    notes = {
        (entry.fact.account_id, entry.fact.target_id): entry.fact.comment
        for entry in entries
        if isinstance(entry.fact, AccountNoted)
    }
    if notes:
        cursor.execute(SQL["save"], {"rows": rows(_Row(*pair, comment) for pair, comment in notes.items())})
    gone = [entry.fact.account_id for entry in entries if isinstance(entry.fact, AccountDeleted)]
    if gone:
        cursor.execute(SQL["remove_gone"], {"accounts": gone})
    return []


PROJECTION = Projection(
    name="notes", version=1, handles=(AccountNoted, AccountDeleted), create=SQL["create"], apply=apply
)
