"""The view of what the staff announces, and of how people react.

Not to be mistaken for `announcements`, by which projections tell the streams what changed.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Cursor

from fedi.events.announcements import (
    AnnouncementPublished,
    AnnouncementReacted,
    AnnouncementRemoved,
    AnnouncementUnreacted,
)
from fedi.facts import Entry
from fedi.facts.accounts import AccountDeleted
from fedi.projections.announcements import Announcement
from fedi.projections.memberships import reduce, write
from fedi.projections.projection import Projection, entry_id, rows
from fedi.sql import queries

SQL = queries(__file__)


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    content: str
    starts_at: datetime | None
    ends_at: datetime | None
    all_day: bool
    mention_ids: tuple[int, ...]
    tags: tuple[str, ...]
    status_ids: tuple[int, ...]
    published_at: datetime
    updated_at: datetime


class _Reaction(msgspec.Struct, frozen=True):
    id: int | None
    announcement_id: int
    name: str
    account_id: int


def apply(cursor: Cursor[Any], entries: Sequence[Entry]) -> list[Announcement]:
    """Keep announcements and reactions; an id that was taken back does not come again."""
    first: dict[int, datetime] = {}
    last: dict[int, _Row] = {}
    for entry in entries:
        if isinstance(fact := entry.fact, AnnouncementPublished):
            began = first.setdefault(fact.announcement_id, entry.at)
            last[fact.announcement_id] = _row(fact, began, entry.at)
    if last:
        cursor.execute(SQL["save"], {"rows": rows(last.values())})
    write(cursor, SQL, reduce(act for entry in entries for act in _acts(entry)), _Reaction)
    gone = [entry.fact.announcement_id for entry in entries if isinstance(entry.fact, AnnouncementRemoved)]
    if gone:
        cursor.execute(SQL["withdraw"], {"ids": gone})
    people = [entry.fact.account_id for entry in entries if isinstance(entry.fact, AccountDeleted)]
    if people:
        cursor.execute(SQL["remove_gone"], {"accounts": people})
    return list(_told(entries))


def _row(fact: AnnouncementPublished, began: datetime, now: datetime) -> _Row:
    return _Row(
        id=fact.announcement_id,
        content=fact.content,
        starts_at=fact.starts_at,
        ends_at=fact.ends_at,
        all_day=fact.all_day,
        mention_ids=fact.mention_ids,
        tags=fact.tags,
        status_ids=fact.status_ids,
        published_at=began,
        updated_at=now,
    )


def _acts(entry: Entry) -> Sequence[tuple[tuple[int, str, int], bool, int]]:
    match entry.fact:
        case AnnouncementReacted(account_id=account, announcement_id=number, name=name):
            return [((number, name, account), True, entry_id(entry))]
        case AnnouncementUnreacted(account_id=account, announcement_id=number, name=name):
            return [((number, name, account), False, 0)]
    return []


def _told(entries: Iterable[Entry]) -> Iterator[Announcement]:
    for entry in entries:
        match entry.fact:
            case AnnouncementPublished(announcement_id=number):
                yield Announcement(event="announcement", id=number)
            case AnnouncementRemoved(announcement_id=number):
                yield Announcement(event="announcement.delete", id=number)
            case AnnouncementReacted(announcement_id=number, name=name):
                yield Announcement(event="announcement.reaction", id=number, name=name)
            case AnnouncementUnreacted(announcement_id=number, name=name):
                yield Announcement(event="announcement.reaction", id=number, name=name)


PROJECTION = Projection(
    name="staff_announcements",
    version=2,
    handles=(
        AnnouncementPublished,
        AnnouncementRemoved,
        AnnouncementReacted,
        AnnouncementUnreacted,
        AccountDeleted,
    ),
    create=SQL["create"],
    apply=apply,
)
