"""What the telling depends on besides the thing told: who asked to hear of whose posts, who boosted what, and so on.

Other projections hold most of it too, but they have folded the whole batch already, and what matters is how things
stood when something happened. So it is kept here once more, as pairs: loaded for a batch, changed in step with its
facts, written back.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import msgspec
from psycopg import Cursor

from fedi.events.accounts import FollowOptionsChanged
from fedi.events.collections import CollectionAccountAdded
from fedi.events.notifications import NotificationRequestsAccepted
from fedi.facts import Entry
from fedi.facts.accounts import AccountChanged, AccountDeleted
from fedi.facts.collections import FeatureStamped
from fedi.facts.interactions import StatusBoosted, StatusFavourited, StatusUnboosted
from fedi.facts.quotes import QuoteAccepted
from fedi.facts.relationships import FollowAccepted, FollowEnded, FollowRequested
from fedi.facts.statuses import StatusDeleted, StatusEdited, StatusPublished
from fedi.ids import is_of_here
from fedi.projections.named import named
from fedi.projections.notification_spans import Spans
from fedi.projections.projection import rows
from fedi.sql import queries

SQL = queries(__file__)

MarkKind = Literal["bell", "booster", "bot", "wanted", "answerable"]
"""`bell`: hears of each post of the target. `booster`: boosted the target, and lives here. `bot`: the target is one.
`wanted`: lets the target through whatever the policy. `answerable`: the target is in a private talk that the account
began or joined."""
ABOUT_STATUSES: tuple[MarkKind, ...] = ("booster", "answerable")
NOBODY = 0
_BOTS = frozenset({"Service", "Application"})

_Place = tuple[MarkKind, int]
Mark = tuple[MarkKind, int, int]
"""A kind, who has it, and on what."""


class _Row(msgspec.Struct, frozen=True):
    kind: MarkKind
    account_id: int
    target_id: int


class Quote(msgspec.Struct, frozen=True):
    """A quote that stood from the fact at `since` to that at `until`, or still does."""

    status_id: int
    account_id: int
    since: int
    until: int | None


def ask(cursor: Cursor[Any], entries: Sequence[Entry]) -> Cursor[Any] | None:
    """Ask for the marks that a batch concerns, if it concerns any, without waiting where nothing is waited for."""
    places = {place for entry in entries for place in _places(entry)}
    if not places:
        return None
    kinds, targets = ",".join(kind for kind, _ in places), ",".join(str(target) for _, target in places)
    asked = {"kinds": f"{{{kinds}}}", "targets": f"{{{targets}}}"}
    return cursor.connection.cursor().execute(SQL["load"], asked)


def loaded(asked: Cursor[Any] | None) -> list[Mark]:
    """Return the marks that were asked for."""
    return asked.fetchall() if asked is not None else []


def belled(loaded: Iterable[Mark], entries: Iterable[Entry]) -> set[int]:
    """Return of whom somebody hears each post, before a batch or in the course of it."""
    before = {target for kind, _, target in loaded if kind == "bell"}
    return before.union(
        fact.target_id
        for entry in entries
        if isinstance(fact := entry.fact, FollowRequested | FollowOptionsChanged) and fact.notify
    )


def names_somebody_here(fact: StatusPublished) -> bool:
    """Tell whether a post mentions somebody who lives here."""
    return bool(fact.mentions) and any(map(is_of_here, named(fact.mentions)))


class Marks:
    """The marks that a batch concerns, and what becomes of them in it."""

    def __init__(self, cursor: Cursor[Any], entries: Sequence[Entry], loaded: Iterable[Mark]) -> None:
        self._cursor = cursor
        self._statuses: set[int] = set()
        self._accounts: set[int] = set()
        self._now: defaultdict[_Place, set[int]] = defaultdict(set)
        for kind, account, target in loaded:
            self._now[kind, target].add(account)
        self._before = self._all()
        self.spans = Spans(cursor, entries)
        self._quotes: defaultdict[int, list[Quote]] = defaultdict(list)
        if edited := {entry.fact.status_id for entry in entries if isinstance(entry.fact, StatusEdited)}:
            for quoted, *quote in cursor.execute(SQL["quotes"], {"quoted": list(edited)}):
                self._quotes[quoted].append(Quote(*quote))

    def quotes(self, quoted: int, place: int) -> list[Quote]:
        """Return the quotes by local people of a status that stood when the fact at `place` was told.

        They are asked of the view of quotes, which has folded the batch, but keeps from when to when each stood.
        """
        return [each for each in self._quotes[quoted] if each.since < place < (each.until or place + 1)]

    def of(self, kind: MarkKind, target: int) -> set[int]:
        """Return the accounts that have such a mark on a target now."""
        return self._now[kind, target]

    def add(self, entry: Entry) -> None:
        """Take in one fact."""
        self.spans.add(entry)
        match entry.fact:
            case StatusPublished() as fact:
                if fact.visibility == "direct":
                    self._talk(fact)
            case FollowRequested() | FollowOptionsChanged() as fact:
                self._set("bell", fact.account_id, fact.target_id, fact.notify)
            case FollowEnded() as fact:
                self._set("bell", fact.account_id, fact.target_id, False)
            case StatusBoosted() as fact if fact.local:
                self._set("booster", fact.account_id, fact.status_id, True)
            case StatusUnboosted() as fact:
                self._set("booster", fact.account_id, fact.status_id, False)
            case AccountChanged() as fact:
                self._set("bot", NOBODY, fact.account_id, fact.profile.kind in _BOTS)
            case NotificationRequestsAccepted() as fact:
                for sender in fact.from_account_ids:
                    self._set("wanted", fact.account_id, sender, True)
            case StatusDeleted() as fact:
                self._statuses.add(fact.status_id)
                for kind in ABOUT_STATUSES:
                    self._now[kind, fact.status_id].clear()
            case AccountDeleted() as fact:
                self._forget(fact.account_id)

    def store(self) -> None:
        """Write what has changed."""
        self.spans.store()
        gone = {"statuses": list(self._statuses), "accounts": list(self._accounts), "about": list(ABOUT_STATUSES)}
        if self._statuses or self._accounts:
            self._cursor.execute(SQL["forget"], gone)
        kept = {mark for mark in self._before if not self._swept(mark)}
        now = self._all()
        if removed := kept - now:
            self._cursor.execute(SQL["remove"], {"rows": _written(removed)})
        if added := now - kept:
            self._cursor.execute(SQL["add"], {"rows": _written(added)})

    def _set(self, kind: MarkKind, account: int, target: int, there: bool) -> None:
        if there:
            self._now[kind, target].add(account)
        else:
            self._now[kind, target].discard(account)

    def _talk(self, fact: StatusPublished) -> None:
        """A local person's private post may be answered, and so may what answers it, however long it goes on."""
        if fact.local:
            self._set("answerable", fact.account_id, fact.status_id, True)
        if fact.in_reply_to_id is not None:
            for account in self._now["answerable", fact.in_reply_to_id]:
                self._set("answerable", account, fact.status_id, True)

    def _forget(self, account: int) -> None:
        self._accounts.add(account)
        for (kind, target), accounts in self._now.items():
            accounts.discard(account)
            if target == account and kind not in ABOUT_STATUSES:
                accounts.clear()

    def _swept(self, mark: Mark) -> bool:
        kind, account, target = mark
        return account in self._accounts or target in (self._statuses if kind in ABOUT_STATUSES else self._accounts)

    def _all(self) -> set[Mark]:
        return {(kind, account, target) for (kind, target), accounts in self._now.items() for account in accounts}


def _written(marks: Iterable[Mark]) -> str:
    return rows(_Row(*mark) for mark in sorted(marks))


def _places(entry: Entry) -> tuple[_Place, ...]:
    """Return where a fact looks, or changes something. Most of what is said concerns nobody who lives here."""
    match entry.fact:
        case StatusPublished() as fact:
            places: tuple[_Place, ...] = (("bell", fact.account_id),)
            if names_somebody_here(fact):
                places += (("bot", fact.account_id), ("wanted", fact.account_id))
            if fact.visibility == "direct" and fact.in_reply_to_id is not None:
                places += (("answerable", fact.in_reply_to_id),)
            return places
        case FollowRequested() | FollowOptionsChanged() | FollowEnded() as fact:
            return ("bell", fact.target_id), ("bot", fact.account_id), ("wanted", fact.account_id)
        case StatusBoosted() as fact:
            places = (("booster", fact.status_id),) if fact.local else ()
            if is_of_here(fact.status_account_id):
                places += (("bot", fact.account_id), ("wanted", fact.account_id))
            return places
        case StatusUnboosted() | StatusEdited() as fact:
            return (("booster", fact.status_id),)
        case (
            StatusFavourited()
            | FollowAccepted()
            | QuoteAccepted()
            | CollectionAccountAdded()
            | FeatureStamped() as fact
        ):
            return ("bot", fact.account_id), ("wanted", fact.account_id)
        case AccountChanged() as fact if not fact.first_seen or fact.profile.kind in _BOTS:
            return (("bot", fact.account_id),)
        case NotificationRequestsAccepted() as fact:
            return tuple(("wanted", sender) for sender in fact.from_account_ids)
    return ()
