"""The view of hashtags that people show on their profiles."""

from collections.abc import Sequence
from typing import Any

import msgspec
from psycopg import Cursor

from fedi.events.tags import TagFeatured, TagUnfeatured
from fedi.facts import Entry
from fedi.facts.accounts import AccountDeleted, HashtagShown, HashtagsListed
from fedi.projections.announcements import Announcement
from fedi.projections.memberships import reduce, write
from fedi.projections.projection import Projection, entry_id, rows
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
    _fold_remote(cursor, entries)
    return []


def _fold_remote(cursor: Cursor[Any], entries: Sequence[Entry]) -> None:
    """Fold what is rare one by one: who is gone may be met again in the same batch, and show other hashtags."""
    for entry in entries:
        match entry.fact:
            case HashtagShown(account_id=account_id, name=name, written=written, shown=shown):
                row = _Row(entry_id(entry), account_id, name, written)
                cursor.execute(SQL["add" if shown else "remove"], {"rows": rows([row])})
            case HashtagsListed(account_id=account_id, names=names):
                cursor.execute(SQL["keep_only"], {"account": account_id, "names": list(names)})
            case AccountDeleted(account_id=account_id):
                cursor.execute(SQL["remove_gone"], {"account": account_id})


class _Row(msgspec.Struct, frozen=True):
    id: int | None
    account_id: int
    name: str
    written: str


PROJECTION = Projection(
    name="featured_tags",
    version=2,
    handles=(TagFeatured, TagUnfeatured, HashtagShown, HashtagsListed, AccountDeleted),
    create=SQL["create"],
    apply=apply,
)
