"""When groups of notifications began: what is alike and happens within twelve hours makes one group, as in Mastodon.

Every thing that happens counts, also one that is taken back again or not told: so it does not matter in which steps
they are folded.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Cursor

from fedi.events.notifications import StaffNotified
from fedi.facts import Entry
from fedi.facts.accounts import AccountDeleted
from fedi.facts.interactions import StatusBoosted, StatusFavourited
from fedi.facts.relationships import FollowAccepted
from fedi.facts.statuses import StatusDeleted
from fedi.ids import is_of_here
from fedi.projections.projection import rows
from fedi.sql import queries

SQL = queries(__file__)
HOURS = 12
NO_STATUS = 0
GROUPED = frozenset({"favourite", "reblog", "follow", "admin.sign_up"})
"""Kinds of which many make a group."""
_Alike = tuple[int, str, int]
"""Whom they are for, their kind, and the status they are about."""
_Hours = dict[_Alike, int]


class _Span(msgspec.Struct, frozen=True):
    account_id: int
    type: str
    status_id: int
    hour: int


class Spans:
    """The groups that a batch concerns, each with the hour it began."""

    def __init__(self, cursor: Cursor[Any], entries: Sequence[Entry]) -> None:
        self._cursor = cursor
        self._accounts: set[int] = set()
        self._statuses: set[int] = set()
        self._hours: defaultdict[int, _Hours] = defaultdict(dict)
        """By status: a batch may take many away."""
        wanted = {alike for entry in entries for alike in _alikes(entry)}
        if wanted:
            asked = rows(_Span(*alike, 0) for alike in wanted)
            for account, kind, status, hour in cursor.execute(SQL["load"], {"rows": asked}):
                self._hours[status][account, kind, status] = hour
        self._before = self._all()

    def key(self, account: int, kind: str, status: int | None, at: datetime) -> str:
        """Return the key of the group that something which happens now belongs to; a new one begins if it must."""
        alike = (account, kind, status or NO_STATUS)
        hours = self._hours[status or NO_STATUS]
        hour = int(at.timestamp()) // 3600
        began = hours.get(alike)
        if began is None or hour >= began + HOURS:
            began = hours[alike] = hour
        return f"{kind}-{status}-{began}" if status else f"{kind}-{began}"

    def add(self, entry: Entry) -> None:
        """Take in that something is gone."""
        match entry.fact:
            case StatusDeleted(status_id=status):
                self._statuses.add(status)
                self._hours.pop(status, None)
            case AccountDeleted(account_id=account):
                self._accounts.add(account)
                for hours in self._hours.values():
                    for alike in [alike for alike in hours if alike[0] == account]:
                        del hours[alike]

    def store(self) -> None:
        """Write what has changed, for people who live here."""
        if self._accounts or self._statuses:
            gone = {"accounts": list(self._accounts), "statuses": list(self._statuses)}
            self._cursor.execute(SQL["forget"], gone)
        changed = [_Span(*alike, hour) for alike, hour in self._all().items() if self._before.get(alike) != hour]
        if changed:
            self._cursor.execute(SQL["save"], {"rows": rows(changed)})

    def _all(self) -> _Hours:
        return {alike: hour for hours in self._hours.values() for alike, hour in hours.items()}


def _alikes(entry: Entry) -> Iterable[_Alike]:
    match entry.fact:
        case StatusFavourited() as fact:
            return ((fact.status_account_id, "favourite", fact.status_id),)
        case StatusBoosted() as fact if is_of_here(fact.status_account_id):
            return ((fact.status_account_id, "reblog", fact.status_id),)
        case FollowAccepted() as fact if is_of_here(fact.target_id):
            return ((fact.target_id, "follow", NO_STATUS),)
        case StaffNotified(kind="admin.sign_up") as fact:
            return tuple((account, "admin.sign_up", NO_STATUS) for account in fact.staff_ids)
    return ()
