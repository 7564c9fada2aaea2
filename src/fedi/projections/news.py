"""What a folded batch means for home timelines: a few ids, that whoever writes timelines gets from who folds."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from fedi.events.accounts import AccountMuted, AccountUnmuted, FollowOptionsChanged, MuteExpired
from fedi.events.domains import DomainBlocked, DomainUnblocked
from fedi.events.lists import ListAccountsAdded, ListAccountsRemoved, ListDeleted, ListSaved
from fedi.events.tags import TagFollowed, TagUnfollowed
from fedi.facts import Entry
from fedi.facts.accounts import AccountChanged, AccountDeleted
from fedi.facts.interactions import StatusBoosted
from fedi.facts.relationships import AccountBlocked, AccountUnblocked, FollowAccepted, FollowEnded, FollowRequested
from fedi.facts.statuses import ReplyLinked, StatusPublished
from fedi.projections.announcements import Announcement
from fedi.projections.fold import Folded
from fedi.projections.public_streams import RECENT
from fedi.projections.status_rows import tag_names

_PEOPLE = (AccountChanged, AccountDeleted)
_LISTS = (ListSaved, ListDeleted, ListAccountsAdded, ListAccountsRemoved, FollowEnded, AccountDeleted)


class Plain(NamedTuple):
    """Whose a plain post is, and in which language: what decides who reads it at home."""

    author: int
    language: str


class News(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One batch, from after position `before` to `position`.

    `new` are statuses that timelines may get, and whether each is news; `changed` those that look otherwise; `gone`
    those that went, and whose they were, as far as others may know; `stale` are people whose timeline changes in
    another way, `masked` accounts whose posts come and go, among them 0 when they are too many to be named.

    `plain` are those of the new that answer nobody, name nobody and have no hashtag (None where an older program wrote
    this, which told less); `otherwise` are people who are gone or described anew; `lists` tells that some list may show
    somebody else.
    """

    before: int
    position: int
    new: dict[int, bool] = {}
    changed: list[int] = []
    gone: dict[int, int | None] = {}
    stale: list[int] = []
    masked: list[int] = []
    plain: dict[int, Plain] | None = None
    otherwise: list[int] = []
    lists: bool = False


def news_of(folded: Folded) -> News:
    """Return what a batch means for home timelines."""
    return News(
        before=folded.before,
        position=folded.position,
        new=_new(folded.entries),
        changed=_ids(folded.announcements, "status.update"),
        gone={said.id: said.account for said in folded.announcements if said.event == "delete"},
        stale=sorted(_stale(folded.entries)),
        masked=_ids(folded.announcements, "accounts_masked"),
        plain=_plain(folded.entries),
        otherwise=sorted({each.fact.account_id for each in folded.entries if isinstance(each.fact, _PEOPLE)}),
        lists=any(isinstance(each.fact, _LISTS) for each in folded.entries),
    )


def gap(position: int) -> News:
    """Return what says that all before a position was missed."""
    return News(before=position, position=position)


def _ids(announcements: Iterable[Announcement], event: str) -> list[int]:
    return list({said.id: None for said in announcements if said.event == event})


def _stale(entries: Sequence[Entry]) -> set[int]:
    """Return whose timelines a batch changes in another way than by new statuses."""
    stale: set[int] = set()
    for entry in entries:
        match entry.fact:
            case FollowRequested() | FollowAccepted() | FollowEnded() | FollowOptionsChanged():
                stale.add(entry.fact.account_id)
            case AccountMuted() | AccountUnmuted() | MuteExpired():
                stale.add(entry.fact.account_id)
            case ListSaved() | ListDeleted() | ListAccountsAdded() | ListAccountsRemoved():
                stale.add(entry.fact.account_id)
            case TagFollowed() | TagUnfollowed() | DomainBlocked() | DomainUnblocked():
                stale.add(entry.fact.account_id)
            case AccountBlocked() | AccountUnblocked():
                stale |= {entry.fact.account_id, entry.fact.target_id}
    return stale


def _new(entries: Sequence[Entry]) -> dict[int, bool]:
    """Return the statuses that a batch may add to timelines, and whether each is news."""
    new: dict[int, bool] = {}
    for entry in entries:
        match entry.fact:
            case StatusPublished() as fact:
                new[fact.status_id] = entry.origin != "fetched" and entry.at - fact.created_at < RECENT
            case StatusBoosted() as fact:
                new[fact.boost_id] = entry.at - fact.created_at < RECENT
            case ReplyLinked() as fact:
                new.setdefault(fact.status_id, False)
    return new


def _plain(entries: Sequence[Entry]) -> dict[int, Plain]:
    plain: dict[int, Plain] = {}
    for entry in entries:
        match entry.fact:
            case StatusPublished(visibility="public" | "unlisted" | "private", mentions=()) as fact:
                if not fact.post.in_reply_to and not tag_names(fact.post):
                    plain[fact.status_id] = Plain(fact.account_id, fact.post.language)
    return plain
