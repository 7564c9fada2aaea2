"""The view of posts pinned to profiles."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from psycopg import Cursor

from fedi.facts import Entry
from fedi.facts.accounts import AccountDeleted
from fedi.facts.interactions import PinsListed, StatusPinned, StatusUnpinned
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


def apply(cursor: Cursor[Any], entries: Sequence[Entry]) -> list[Announcement]:
    """Add and remove pins. A fetched list of pins replaces what was there, so it ends a run of single acts."""
    run: list[Entry] = []
    for entry in entries:
        if isinstance(entry.fact, PinsListed):
            _fold(cursor, run)
            run = []
            _replace(cursor, entry, entry.fact)
        else:
            run.append(entry)
    _fold(cursor, run)
    if any(isinstance(entry.fact, StatusDeleted | AccountDeleted) for entry in entries):
        statuses = [entry.fact.status_id for entry in entries if isinstance(entry.fact, StatusDeleted)]
        accounts = [entry.fact.account_id for entry in entries if isinstance(entry.fact, AccountDeleted)]
        cursor.execute(SQL["remove_gone"], {"statuses": statuses, "accounts": accounts})
    return []


def _fold(cursor: Cursor[Any], entries: Sequence[Entry]) -> None:
    changes = reduce(_acts(entries))
    removed = [_Row(None, *pair) for pair, change in changes.items() if change.removed]
    added = [_Row(change.id, *pair) for pair, change in changes.items() if change.id is not None]
    if removed:
        cursor.execute(SQL["remove"], {"rows": rows(removed)})
    if added:
        cursor.execute(SQL["add"], {"rows": rows(added)})


def _acts(entries: Sequence[Entry]) -> Iterator[tuple[tuple[int, int], bool, int]]:
    for entry in entries:
        if isinstance(entry.fact, StatusPinned | StatusUnpinned):
            pair = (entry.fact.account_id, entry.fact.status_id)
            yield pair, isinstance(entry.fact, StatusPinned), entry_id(entry)


def _replace(cursor: Cursor[Any], entry: Entry, fact: PinsListed) -> None:
    cursor.execute(SQL["remove_others"], {"account": fact.account_id, "keep": list(fact.status_ids)})
    number = len(fact.status_ids)
    listed = [_Row(entry_id(entry) + number - place, fact.account_id, id_) for place, id_ in enumerate(fact.status_ids)]
    if listed:
        cursor.execute(SQL["add"], {"rows": rows(listed)})


PROJECTION = Projection(
    name="pins",
    version=1,
    handles=(StatusPinned, StatusUnpinned, PinsListed, StatusDeleted, AccountDeleted),
    create=SQL["create"],
    apply=apply,
    after=("statuses",),
)
