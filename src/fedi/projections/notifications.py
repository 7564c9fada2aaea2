"""The view of what local people are told about.

Everything that concerns somebody is kept; whom they block or mute is masked when they read, so lifting a mute gives
everything back. Fetched documents tell nobody anything: they are old news that was looked up.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Cursor

from fedi.events.domains import RelationshipsSevered
from fedi.events.notifications import NotificationDismissed, NotificationsCleared
from fedi.events.scheduled import PollExpired
from fedi.facts import (
    AccountDeleted,
    Entry,
    FollowAccepted,
    FollowEnded,
    FollowRequested,
    StatusBoosted,
    StatusDeleted,
    StatusFavourited,
    StatusPublished,
    StatusUnboosted,
    StatusUnfavourited,
)
from fedi.projections.announcements import Announcement
from fedi.projections.projection import Projection, entry_id, rows
from fedi.sql import queries

SQL = queries(__file__)
_SHIFT = 8
"""One fact tells at most 256 people: more mentions than that are cut off by the vocabulary."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `notifications`."""

    id: int
    account_id: int
    type: str
    from_account_id: int
    status_id: int | None
    created_at: datetime
    group_key: str


class _Removal(msgspec.Struct, frozen=True):
    account_id: int | None
    type: str
    from_account_id: int
    status_id: int | None


_Act = tuple[str, int, int | None]
"""What kind of thing somebody did, who, and to which status."""


def apply(cursor: Cursor[Any], entries: Sequence[Entry]) -> list[Announcement]:
    """Fold a batch: what it takes back of before, then what it adds and does not take back itself."""
    batch = _Batch()
    for entry in entries:
        batch.add(entry)
    if batch.cleared or batch.dismissed or batch.statuses or batch.accounts:
        cursor.execute(
            SQL["delete"],
            {
                "cleared": list(batch.cleared),
                "dismissed": list(batch.dismissed),
                "statuses": list(batch.statuses),
                "accounts": list(batch.accounts),
            },
        )
    if batch.removals:
        cursor.execute(SQL["take_back"], {"rows": rows(batch.removals)})
    if not batch.new:
        return []
    cursor.execute(SQL["add"], {"rows": rows(batch.new.values())})
    return [Announcement(event="notification", id=row[0], account=row[1]) for row in cursor.fetchall()]


class _Batch:
    def __init__(self) -> None:
        self.new: dict[int, Row] = {}
        self.cleared: set[int] = set()
        self.dismissed: set[int] = set()
        self.statuses: set[int] = set()
        self.accounts: set[int] = set()
        self.removals: list[_Removal] = []
        self._by_act: defaultdict[_Act, set[int]] = defaultdict(set)

    def add(self, entry: Entry) -> None:
        """Take in one fact."""
        match entry.fact:
            case NotificationsCleared(account_id=account):
                self.cleared.add(account)
                self._drop(lambda row: row.account_id == account)
            case NotificationDismissed(notification_id=notification):
                self.dismissed.add(notification)
                self.new.pop(notification, None)
            case StatusDeleted(status_id=status):
                self.statuses.add(status)
                self._drop(lambda row: row.status_id == status)
            case AccountDeleted(account_id=account):
                self.accounts.add(account)
                self._drop(lambda row: account in {row.account_id, row.from_account_id})
            case _:
                for removal in _removals(entry):
                    self._take_back(removal)
                for row in _rows(entry):
                    self.new[row.id] = row
                    self._by_act[row.type, row.from_account_id, row.status_id].add(row.id)

    def _take_back(self, removal: _Removal) -> None:
        self.removals.append(removal)
        for identifier in self._by_act[removal.type, removal.from_account_id, removal.status_id]:
            row = self.new.get(identifier)
            if row is not None and removal.account_id in {None, row.account_id}:
                del self.new[identifier]

    def _drop(self, gone: Callable[[Row], bool]) -> None:
        self.new = {identifier: row for identifier, row in self.new.items() if not gone(row)}


def _removals(entry: Entry) -> Iterator[_Removal]:
    match entry.fact:
        case StatusUnfavourited() as fact:
            yield _Removal(None, "favourite", fact.account_id, fact.status_id)
        case StatusUnboosted() as fact:
            yield _Removal(None, "reblog", fact.account_id, fact.status_id)
        case FollowEnded() as fact:
            yield _Removal(fact.target_id, "follow", fact.account_id, None)
            yield _Removal(fact.target_id, "follow_request", fact.account_id, None)
        case FollowAccepted() as fact:
            yield _Removal(fact.target_id, "follow_request", fact.account_id, None)
        case FollowRequested() as fact:
            yield _Removal(fact.target_id, "follow_request", fact.account_id, None)


def _rows(entry: Entry) -> Iterator[Row]:
    if entry.origin == "fetched":
        return
    match entry.fact:
        case StatusPublished() as fact:
            told = (m.account_id for m in fact.mentions if m.account_id is not None and not m.silent)
            for place, account in enumerate(dict.fromkeys(told)):
                if account != fact.account_id:
                    yield _row(entry, account, "mention", fact.account_id, fact.status_id, place)
        case StatusFavourited() as fact if fact.status_account_id != fact.account_id:
            yield _row(entry, fact.status_account_id, "favourite", fact.account_id, fact.status_id)
        case StatusBoosted() as fact if fact.status_account_id != fact.account_id:
            yield _row(entry, fact.status_account_id, "reblog", fact.account_id, fact.status_id)
        case PollExpired() as fact:
            for place, account in enumerate(fact.told):
                yield _row(entry, account, "poll", fact.account_id, fact.status_id, place)
        case FollowRequested() as fact if fact.locked:
            yield _row(entry, fact.target_id, "follow_request", fact.account_id, None)
        case FollowAccepted() as fact if not fact.locked:
            yield _row(entry, fact.target_id, "follow", fact.account_id, None)
        case RelationshipsSevered() as fact:
            yield _row(entry, fact.account_id, "severed_relationships", fact.account_id, None)


def _row(entry: Entry, account: int, kind: str, sender: int, status: int | None, place: int = 0) -> Row:
    identifier = entry_id(entry) << _SHIFT | place
    return Row(
        id=identifier,
        account_id=account,
        type=kind,
        from_account_id=sender,
        status_id=status,
        created_at=entry.at,
        group_key=_group_key(kind, status, identifier, entry.at),
    )


def _group_key(kind: str, status: int | None, identifier: int, at: datetime) -> str:
    hour = int(at.timestamp()) // 3600
    if kind in {"favourite", "reblog"}:
        return f"{kind}-{status}-{hour}"
    return f"follow-{hour}" if kind == "follow" else f"ungrouped-{identifier}"


PROJECTION = Projection(
    name="notifications",
    version=2,
    handles=(
        StatusPublished,
        StatusFavourited,
        StatusUnfavourited,
        StatusBoosted,
        StatusUnboosted,
        StatusDeleted,
        FollowRequested,
        FollowAccepted,
        FollowEnded,
        AccountDeleted,
        NotificationsCleared,
        NotificationDismissed,
        PollExpired,
        RelationshipsSevered,
    ),
    create=SQL["create"],
    apply=apply,
    after=("accounts", "statuses"),
)
