"""The view of what local people are told about.

Everything that concerns somebody is kept, unless their own policy drops it; whom they block or mute is masked when they
read, so lifting a mute gives everything back. What the policy keeps apart is there too, marked as `filtered`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

import msgspec
from psycopg import Cursor, sql

from fedi.events import Event
from fedi.events.accounts import FollowOptionsChanged
from fedi.events.collections import CollectionAccountAdded
from fedi.events.domains import RelationshipsSevered
from fedi.events.moderation import AccountWarned
from fedi.events.notifications import (
    AnnualReportFinished,
    NotificationDismissed,
    NotificationPolicyChosen,
    NotificationRequestsAccepted,
    NotificationRequestsDismissed,
    NotificationsCleared,
    StaffNotified,
    Treatment,
)
from fedi.events.scheduled import PollExpired
from fedi.facts import Entry, Fact
from fedi.facts.accounts import AccountChanged, AccountDeleted
from fedi.facts.collections import FeatureStamped
from fedi.facts.interactions import StatusBoosted, StatusFavourited, StatusUnboosted, StatusUnfavourited
from fedi.facts.quotes import QuoteAccepted
from fedi.facts.relationships import FollowAccepted, FollowEnded, FollowRequested
from fedi.facts.statuses import StatusDeleted, StatusEdited, StatusPublished
from fedi.ids import is_of_here
from fedi.projections import notification_marks, notification_policies, notification_spans
from fedi.projections.announcements import Announcement
from fedi.projections.notification_marks import Mark, Marks
from fedi.projections.notification_news import News, Removal, Row, news, receivers, removals
from fedi.projections.notification_policies import Policies, Question, Standing, limiting, standings
from fedi.projections.notification_rules import FILTERABLE, Sender, concerned, treatment
from fedi.projections.projection import Asking, Handler, Projection, rows
from fedi.sql import queries

SQL = queries(__file__)
_Act = tuple[str, int, int | None]
"""What kind of thing somebody did, who, and to which status."""
_Answer = Literal["accepted", "dismissed"]


class _Pair(msgspec.Struct, frozen=True):
    account_id: int
    from_account_id: int


def ask(cursor: Cursor[Any], entries: Sequence[Entry]) -> Handler:
    """Ask for the marks that a batch concerns, and return what folds it."""
    concerned = [entry for entry in entries if not _elsewhere(entry.fact)]
    asked = notification_marks.ask(cursor, concerned)
    return lambda cursor, _: _apply(cursor, concerned, asked)


def _apply(cursor: Cursor[Any], entries: Sequence[Entry], asked: Cursor[Any] | None) -> list[Announcement]:
    """Fold a batch: what it takes back of before, then what it adds and does not take back itself."""
    loaded = notification_marks.loaded(asked)
    batch = _Batch(cursor, _heard(entries, loaded), loaded)
    _take_away(cursor, batch)
    merged = [pair for pair, answer in batch.answers.items() if answer == "accepted"]
    told = _kept(cursor, batch)
    batch.marks.store()
    batch.policies.store(batch.accounts)
    announcements = [
        Announcement(event="notifications_merged", id=0, account=account)
        for account in dict.fromkeys(pair.account_id for pair in merged)
    ]
    if told:
        cursor.execute(SQL["add"], {"rows": rows(told)})
        announcements += [Announcement(event="notification", id=row[0], account=row[1]) for row in cursor.fetchall()]
    return announcements


def _elsewhere(fact: Fact | Event) -> bool:
    """Tell at a first look whether nobody here hears of a fact: most of a log is people elsewhere among themselves."""
    if isinstance(fact, StatusFavourited):
        return not is_of_here(fact.status_account_id)
    return isinstance(fact, StatusBoosted) and not fact.local and not is_of_here(fact.status_account_id)


def _heard(entries: Sequence[Entry], loaded: Sequence[Mark]) -> list[Entry]:
    """Leave out posts that nobody here hears of: they name nobody who lives here, and nobody has a bell for who wrote.

    Whoever gets a bell in the batch counts from its beginning: they are looked at one by one afterwards.
    """
    belled = notification_marks.belled(loaded, entries)
    return [
        entry
        for entry in entries
        if not isinstance(fact := entry.fact, StatusPublished)
        or fact.account_id in belled
        or fact.visibility == "direct"
        or notification_marks.names_somebody_here(fact)
    ]


def _take_away(cursor: Cursor[Any], batch: "_Batch") -> None:
    if batch.cleared or batch.dismissed or batch.statuses or batch.accounts:
        gone = {
            "cleared": list(batch.cleared),
            "dismissed": list(batch.dismissed),
            "statuses": list(batch.statuses),
            "accounts": list(batch.accounts),
        }
        cursor.execute(SQL["delete"], gone)
    if batch.removals:
        cursor.execute(SQL["take_back"], {"rows": rows(batch.removals)})
    for answer in ("accepted", "dismissed"):
        if pairs := [pair for pair, given in batch.answers.items() if given == answer]:
            cursor.execute(SQL[answer], {"rows": rows(pairs)})


class _Batch:
    def __init__(self, cursor: Cursor[Any], entries: Sequence[Entry], loaded: Sequence[Mark]) -> None:
        self.new: dict[int, News] = {}
        self.cleared: set[int] = set()
        self.dismissed: set[int] = set()
        self.statuses: set[int] = set()
        self.accounts: set[int] = set()
        self.answers: dict[_Pair, _Answer] = {}
        self.removals: list[Removal] = []
        self.marks = Marks(cursor, entries, loaded)
        self.policies = Policies(cursor)
        self.limiting = False
        self._by_act: defaultdict[_Act, set[int]] = defaultdict(set)
        self._by_status: defaultdict[int, list[int]] = defaultdict(list)
        for entry in entries:
            self.marks.add(entry)
            self._add(entry)

    def _add(self, entry: Entry) -> None:
        match entry.fact:
            case StatusPublished() | StatusFavourited() | StatusBoosted():  # most of all, and they take nothing back
                self._hear(entry)
            case NotificationsCleared(account_id=account):
                self.cleared.add(account)
                self._drop(lambda row: row.account_id == account)
            case NotificationDismissed(notification_id=notification):
                self.dismissed.add(notification)
                self.new.pop(notification, None)
            case NotificationPolicyChosen() as fact:
                self.policies.add(entry, fact)
            case NotificationRequestsAccepted() as fact:
                self._answer(fact.account_id, fact.from_account_ids, "accepted")
            case NotificationRequestsDismissed() as fact:
                self._answer(fact.account_id, fact.from_account_ids, "dismissed")
            case StatusDeleted(status_id=status):
                self.statuses.add(status)
                for identifier in self._by_status.pop(status, ()):
                    self.new.pop(identifier, None)
            case AccountDeleted(account_id=account):
                self.accounts.add(account)
                self._drop(lambda row: account in {row.account_id, row.from_account_id})
            case _:
                for removal in removals(entry):
                    self._take_back(removal)
                self._hear(entry)

    def _hear(self, entry: Entry) -> None:
        for each in news(entry, self.marks):
            row = each.row
            self.new[row.id] = each
            self._by_act[row.type, row.from_account_id, row.status_id].add(row.id)
            if row.status_id is not None:
                self._by_status[row.status_id].append(row.id)

    def _answer(self, account: int, senders: Sequence[int], answer: _Answer) -> None:
        """Accept or dismiss requests. After either of them nothing is left apart that the next could change."""
        for sender in senders:
            self.answers.setdefault(_Pair(account, sender), answer)
        for each in self.new.values():
            if each.row.account_id == account and each.row.from_account_id in senders:
                each.accepted = each.accepted or (answer == "accepted" and not each.dismissed)
                each.dismissed = each.dismissed or (answer == "dismissed" and not each.accepted)

    def _take_back(self, removal: Removal) -> None:
        self.removals.append(removal)
        for identifier in self._by_act[removal.type, removal.from_account_id, removal.status_id]:
            each = self.new.get(identifier)
            if each is not None and removal.account_id in {None, each.row.account_id}:
                del self.new[identifier]

    def _drop(self, gone: Callable[[Row], bool]) -> None:
        self.new = {identifier: each for identifier, each in self.new.items() if not gone(each.row)}


def _kept(cursor: Cursor[Any], batch: _Batch) -> list[Row]:
    """Return the rows of those news of a batch that are kept, each as the receiver's policy would have it."""
    batch.limiting = bool(batch.new) and limiting(cursor)
    batch.policies.load(receivers(each for each in batch.new.values() if each.row.type in FILTERABLE))
    known = standings(cursor, _questions(batch))
    return [row for each in batch.new.values() if (row := _judged(each, known.get(each.row.id), batch)) is not None]


def _questions(batch: _Batch) -> Iterator[Question]:
    for each in batch.new.values():
        if each.bell or (each.held and batch.limiting) or _matters(each, batch):
            yield Question(each.row.id, each.row.account_id, each.row.from_account_id, each.place >> 12)


def _matters(each: News, batch: _Batch) -> bool:
    if each.row.type not in FILTERABLE or each.wanted:
        return False
    return concerned(batch.policies.at(each.row.account_id, each.place), unasked=each.unasked, limiting=batch.limiting)


def _judged(each: News, standing: Standing | None, batch: _Batch) -> Row | None:
    if each.bell:
        return each.row if standing is not None and standing.followed else None
    if each.held and (standing is None or not standing.limited):
        return None
    if standing is None or not _matters(each, batch):
        return each.row
    found = _treated(each, standing, batch)
    if found == "drop" or (found == "filter" and each.dismissed):
        return None
    return msgspec.structs.replace(each.row, filtered=found == "filter" and not each.accepted)


def _treated(each: News, standing: Standing, batch: _Batch) -> Treatment:
    sender = Sender(
        followed=standing.followed,
        follows_since=standing.follows_since,
        created_at=standing.created_at,
        bot=each.bot,
        limited=standing.limited,
    )
    policy = batch.policies.at(each.row.account_id, each.place)
    return treatment(policy, sender, each.row.created_at, unasked=each.unasked)


PROJECTION = Projection(
    name="notifications",
    version=9,
    handles=(
        StatusPublished,
        StatusEdited,
        StatusFavourited,
        StatusUnfavourited,
        StatusBoosted,
        StatusUnboosted,
        StatusDeleted,
        FollowRequested,
        FollowAccepted,
        FollowEnded,
        FollowOptionsChanged,
        AccountChanged,
        AccountDeleted,
        NotificationsCleared,
        NotificationDismissed,
        NotificationPolicyChosen,
        NotificationRequestsAccepted,
        NotificationRequestsDismissed,
        PollExpired,
        QuoteAccepted,
        RelationshipsSevered,
        AccountWarned,
        StaffNotified,
        AnnualReportFinished,
        CollectionAccountAdded,
        FeatureStamped,
    ),
    create=sql.SQL("\n").join(
        [
            SQL["create"],
            notification_marks.SQL["create"],
            notification_policies.SQL["create"],
            notification_spans.SQL["create"],
        ]
    ),
    apply=Asking(ask),
    after=("accounts", "limits", "quotes", "relationships", "statuses"),
)
