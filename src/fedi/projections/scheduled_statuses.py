"""The view of posts that wait for their time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Cursor

from fedi.events.scheduled import PlannedStatus, StatusRescheduled, StatusScheduled, StatusUnscheduled
from fedi.facts import Entry
from fedi.facts.accounts import AccountDeleted
from fedi.projections.announcements import Announcement
from fedi.projections.projection import Projection, rows
from fedi.sql import queries

SQL = queries(__file__)


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    account_id: int
    scheduled_at: datetime
    status: PlannedStatus


class _Moved(msgspec.Struct, frozen=True):
    id: int
    scheduled_at: datetime


def apply(cursor: Cursor[Any], entries: Sequence[Entry]) -> list[Announcement]:
    """Fold a batch: what no longer waits, then what is new, then when it is due now."""
    new: dict[int, _Row] = {}
    moved: dict[int, _Moved] = {}
    gone: list[int] = []
    accounts: list[int] = []
    for entry in entries:
        match entry.fact:
            case StatusScheduled() as fact:
                moved.pop(fact.scheduled_id, None)
                new[fact.scheduled_id] = _Row(
                    id=fact.scheduled_id, account_id=fact.account_id, scheduled_at=fact.scheduled_at, status=fact.status
                )
            case StatusRescheduled() as fact:
                moved[fact.scheduled_id] = _Moved(fact.scheduled_id, fact.scheduled_at)
            case StatusUnscheduled() as fact:
                gone.append(fact.scheduled_id)
                new.pop(fact.scheduled_id, None)
                moved.pop(fact.scheduled_id, None)
            case AccountDeleted() as fact:
                accounts.append(fact.account_id)
                new = {each: row for each, row in new.items() if row.account_id != fact.account_id}
    if gone or accounts:
        cursor.execute(SQL["remove"], {"ids": gone, "accounts": accounts})
    if new:
        cursor.execute(SQL["add"], {"rows": rows(new.values())})
    if moved:
        cursor.execute(SQL["move"], {"rows": rows(moved.values())})
    return []


PROJECTION = Projection(
    name="scheduled_statuses",
    version=1,
    handles=(StatusScheduled, StatusRescheduled, StatusUnscheduled, AccountDeleted),
    create=SQL["create"],
    apply=apply,
)
