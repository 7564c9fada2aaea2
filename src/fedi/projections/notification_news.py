"""Who is told what because of a fact. Pure, but for the marks that it is given."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

import msgspec

from fedi.events.collections import CollectionAccountAdded
from fedi.events.domains import RelationshipsSevered
from fedi.events.moderation import AccountWarned
from fedi.events.notifications import AnnualReportFinished, StaffNotified
from fedi.events.scheduled import PollExpired
from fedi.facts import Entry
from fedi.facts.collections import FeatureStamped
from fedi.facts.interactions import StatusBoosted, StatusFavourited, StatusUnboosted, StatusUnfavourited
from fedi.facts.quotes import QuoteAccepted
from fedi.facts.relationships import FollowAccepted, FollowEnded, FollowRequested
from fedi.facts.statuses import StatusEdited, StatusPublished
from fedi.ids import is_of_here
from fedi.projections.named import named
from fedi.projections.notification_marks import NOBODY, Marks
from fedi.projections.notification_spans import GROUPED
from fedi.projections.projection import entry_id

_SHIFT = 8
"""One fact tells at most 256 people by name: more mentions than that are cut off by the vocabulary."""
_CROWD = (1 << 12 + _SHIFT) - 1
"""Of those told for another reason there can be more. They are numbered down from the end of the event's ids."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `notifications`."""

    id: int
    account_id: int
    type: str
    from_account_id: int
    status_id: int | None
    created_at: datetime
    group_key: str
    filtered: bool = False
    report_id: int | None = None
    collection_id: int | None = None
    year: int | None = None


class Removal(msgspec.Struct, frozen=True):
    """Notifications to take back: those that everybody has about a status, or those that one account has about none."""

    account_id: int | None
    type: str
    from_account_id: int
    status_id: int | None


class News:
    """A notification that is about to be, and how things stood when it came up.

    `bell`: told only to who follows the sender. `held`: a wish to follow that is answered at once, and told only if
    the sender is limited.
    """

    __slots__ = ("accepted", "bell", "bot", "dismissed", "held", "place", "row", "unasked", "wanted")

    def __init__(
        self,
        row: Row,
        entry: Entry,
        marks: Marks,
        *,
        bell: bool = False,
        private: bool = False,
        held: bool = False,
    ) -> None:
        self.row = _in_group(row, marks)
        self.place = entry_id(entry)
        self.bell = bell
        self.held = held
        self.wanted = row.account_id in marks.of("wanted", row.from_account_id)
        self.bot = NOBODY in marks.of("bot", row.from_account_id)
        self.unasked = private and row.account_id not in marks.of("answerable", row.status_id or 0)
        self.accepted = False
        self.dismissed = False


def removals(entry: Entry) -> Iterator[Removal]:
    """Yield what a fact takes back."""
    match entry.fact:
        case StatusUnfavourited() as fact:
            yield Removal(None, "favourite", fact.account_id, fact.status_id)
        case StatusUnboosted() as fact:
            yield Removal(None, "reblog", fact.account_id, fact.status_id)
        case FollowEnded() as fact:
            yield Removal(fact.target_id, "follow", fact.account_id, None)
            yield Removal(fact.target_id, "follow_request", fact.account_id, None)
        case FollowAccepted() as fact:
            yield Removal(fact.target_id, "follow_request", fact.account_id, None)
        case FollowRequested() as fact:
            yield Removal(fact.target_id, "follow_request", fact.account_id, None)


def news(entry: Entry, marks: Marks) -> Iterator[News]:
    """Yield what a fact tells. Fetched documents tell nobody anything: they are old news that was looked up."""
    if entry.origin == "fetched":
        return
    match entry.fact:
        case StatusPublished() as fact:
            yield from _published(entry, fact, marks)
        case StatusEdited() as fact if fact.significant:
            readers = marks.of("booster", fact.status_id) - {fact.account_id}
            for row in _crowd(entry, readers, "update", fact.account_id, fact.status_id):
                yield News(row, entry, marks)
            for number, quote in enumerate(marks.quotes(fact.status_id, entry_id(entry)), start=len(readers)):
                row = _one_of_crowd(entry, number, quote.account_id, "quoted_update", fact.account_id, quote.status_id)
                yield News(row, entry, marks)
        case QuoteAccepted() as fact if fact.news and fact.quoted_account_id != fact.account_id:
            yield News(_row(entry, fact.quoted_account_id, "quote", fact.account_id, fact.status_id), entry, marks)
        case StatusFavourited() as fact if _concerns(fact.status_account_id, fact.account_id):
            row = _row(entry, fact.status_account_id, "favourite", fact.account_id, fact.status_id)
            yield News(row, entry, marks)
        case StatusBoosted() as fact if _concerns(fact.status_account_id, fact.account_id):
            row = _row(entry, fact.status_account_id, "reblog", fact.account_id, fact.status_id)
            yield News(row, entry, marks)
        case FollowRequested() as fact if is_of_here(fact.target_id):
            row = _row(entry, fact.target_id, "follow_request", fact.account_id, None)
            yield News(row, entry, marks, held=not fact.locked)
        case FollowAccepted() as fact if not fact.locked and is_of_here(fact.target_id):
            yield News(_row(entry, fact.target_id, "follow", fact.account_id, None), entry, marks)
        case PollExpired() as fact:
            for row in _crowd(entry, fact.told, "poll", fact.account_id, fact.status_id):
                yield News(row, entry, marks)
        case RelationshipsSevered() as fact:
            row = _row(entry, fact.account_id, "severed_relationships", fact.account_id, None)
            yield News(row, entry, marks)
        case AnnualReportFinished() as fact:
            row = _row(entry, fact.account_id, "annual_report", fact.account_id, None)
            yield News(msgspec.structs.replace(row, year=fact.year), entry, marks)
        case CollectionAccountAdded() as fact:
            row = _row(entry, fact.member_id, "added_to_collection", fact.account_id, None)
            yield News(msgspec.structs.replace(row, collection_id=fact.collection_id), entry, marks)
        case AccountWarned() as fact:
            row = _row(entry, fact.account_id, "moderation_warning", fact.account_id, None)
            yield News(row, entry, marks)
        case FeatureStamped() as fact:
            row = _row(entry, fact.member_id, "added_to_collection", fact.account_id, None)
            yield News(msgspec.structs.replace(row, collection_id=fact.collection_id), entry, marks)
        case StaffNotified() as fact:
            for place, account in enumerate(fact.staff_ids):
                row = _row(entry, account, fact.kind, fact.about_account_id, None, place)
                yield News(msgspec.structs.replace(row, report_id=fact.report_id), entry, marks)


def _concerns(account: int, by: int) -> bool:
    """Tell whether somebody is told of what another did: most of what is folded happens among people elsewhere."""
    return account != by and is_of_here(account)


def _published(entry: Entry, fact: StatusPublished, marks: Marks) -> Iterator[News]:
    mentioned = named(fact.mentions) if fact.mentions else []
    private = fact.visibility == "direct"
    for place, account in enumerate(mentioned):
        if _concerns(account, fact.account_id):
            row = _row(entry, account, "mention", fact.account_id, fact.status_id, place)
            yield News(row, entry, marks, private=private)
    if private or (fact.post.in_reply_to and fact.in_reply_to_account_id != fact.account_id):
        return
    belled = marks.of("bell", fact.account_id)
    listening = belled - {*mentioned} - {fact.account_id} if belled else ()
    for row in _crowd(entry, listening, "status", fact.account_id, fact.status_id):
        yield News(row, entry, marks, bell=True)


def _crowd(entry: Entry, accounts: Collection[int], kind: str, sender: int, status: int) -> Iterator[Row]:
    for number, account in enumerate(sorted(accounts)):
        yield _one_of_crowd(entry, number, account, kind, sender, status)


def _one_of_crowd(entry: Entry, number: int, account: int, kind: str, sender: int, status: int) -> Row:
    return _made(entry.position << 12 + _SHIFT | _CROWD - number, entry, account, kind, sender, status)


def _row(entry: Entry, account: int, kind: str, sender: int, status: int | None, place: int = 0) -> Row:
    return _made(entry_id(entry) << _SHIFT | place, entry, account, kind, sender, status)


def _made(identifier: int, entry: Entry, account: int, kind: str, sender: int, status: int | None) -> Row:
    return Row(
        id=identifier,
        account_id=account,
        type=kind,
        from_account_id=sender,
        status_id=status,
        created_at=entry.at,
        group_key=f"ungrouped-{identifier}",
    )


def _in_group(row: Row, marks: Marks) -> Row:
    if row.type not in GROUPED:
        return row
    key = marks.spans.key(row.account_id, row.type, row.status_id, row.created_at)
    return msgspec.structs.replace(row, group_key=key)


def receivers(told: Iterable[News]) -> set[int]:
    """Return whom some news are for."""
    return {each.row.account_id for each in told}
