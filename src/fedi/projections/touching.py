"""Which of the things that are shown a batch of facts touches, by their ids.

Whatever does not stand in the table touches everything: then those who remember what they read begin anew. That is
right for what is rare, and for what changes more than it names: a deleted post was counted with its parent, an edited
one may have quoted another, a limited domain has many accounts.
"""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from fedi.events import Event
from fedi.events.accounts import (
    AccountCollectionsHidden,
    AccountEndorsed,
    AccountMuted,
    AccountNoted,
    AccountUnendorsed,
    AccountUnmuted,
    FollowOptionsChanged,
    LinkVerified,
    MuteExpired,
)
from fedi.events.filters import FilterDeleted, FilterSaved, FilterStatusAdded, FilterStatusRemoved
from fedi.events.links import LinkForgotten, LinkPreviewed
from fedi.events.lists import ListAccountsAdded, ListAccountsRemoved, ListDeleted, ListSaved
from fedi.events.notifications import (
    NotificationDismissed,
    NotificationPolicyChosen,
    NotificationRequestsAccepted,
    NotificationRequestsDismissed,
    NotificationsCleared,
)
from fedi.events.reports import ReportFiled
from fedi.events.scheduled import PollExpired, StatusRescheduled, StatusScheduled, StatusUnscheduled
from fedi.events.statuses import StatusBookmarked, StatusUnbookmarked
from fedi.events.tags import TagFeatured, TagFollowed, TagUnfeatured, TagUnfollowed
from fedi.events.threads import ConversationDeleted, ConversationMarked, ThreadMuted, ThreadUnmuted
from fedi.facts import Entry, Fact
from fedi.facts.accounts import AccountChanged, AccountCounted, AccountMoved, HashtagShown, HashtagsListed
from fedi.facts.interactions import (
    PinsListed,
    PollVoted,
    StatusBoosted,
    StatusFavourited,
    StatusPinned,
    StatusUnboosted,
    StatusUnfavourited,
    StatusUnpinned,
)
from fedi.facts.quotes import QuoteAccepted, QuoteEnded, QuoteLinked, QuoteRequested
from fedi.facts.relationships import (
    AccountBlocked,
    AccountUnblocked,
    FollowAccepted,
    FollowAnswered,
    FollowEnded,
    FollowRequested,
)
from fedi.facts.reports import AccountReported
from fedi.facts.statuses import MentionLinked, StatusPublished
from fedi.touched import EVERYTHING, Touched


class _Ids(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a fact that name what it touches."""

    statuses: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()
    published: tuple[str, ...] = ()


_NOTHING = _Ids()
_BOTH = ("account_id", "target_id")
_ACT = _Ids(readers=("account_id",))
_SHARED = _Ids(statuses=("boost_id", "status_id"), accounts=("account_id",), readers=("account_id",))
_LIKED = _Ids(statuses=("status_id",), readers=("account_id",))
_QUOTED = _Ids(statuses=("status_id", "quoted_id"))
_PROFILE = _Ids(accounts=("account_id",))
_TIE = _Ids(accounts=_BOTH, readers=_BOTH)
_TOUCHES: Mapping[type[Fact | Event], _Ids] = {
    StatusPublished: _Ids(statuses=("in_reply_to_id",), accounts=("account_id",), published=("status_id",)),
    MentionLinked: _Ids(statuses=("status_id",)),
    PollVoted: _Ids(statuses=("status_id",)),
    QuoteLinked: _QUOTED,
    QuoteAccepted: _QUOTED,
    QuoteEnded: _QUOTED,
    StatusBoosted: _SHARED,
    StatusUnboosted: _SHARED,
    StatusFavourited: _LIKED,
    StatusUnfavourited: _LIKED,
    StatusPinned: _ACT,
    StatusUnpinned: _ACT,
    PinsListed: _ACT,
    StatusBookmarked: _ACT,
    StatusUnbookmarked: _ACT,
    ThreadMuted: _ACT,
    ThreadUnmuted: _ACT,
    FilterSaved: _ACT,
    FilterDeleted: _ACT,
    FilterStatusAdded: _ACT,
    FilterStatusRemoved: _ACT,
    AccountChanged: _PROFILE,
    AccountCounted: _PROFILE,
    AccountMoved: _PROFILE,
    AccountCollectionsHidden: _PROFILE,
    LinkVerified: _PROFILE,
    FollowRequested: _TIE,
    FollowAccepted: _TIE,
    FollowEnded: _TIE,
    AccountBlocked: _TIE,
    AccountUnblocked: _TIE,
    # What is shown of posts and accounts stays as it is: these choose what somebody is shown.
    **dict.fromkeys((AccountMuted, AccountUnmuted, MuteExpired, AccountNoted, FollowOptionsChanged), _NOTHING),
    **dict.fromkeys((AccountEndorsed, AccountUnendorsed, AccountReported, ReportFiled), _NOTHING),
    **dict.fromkeys((ListSaved, ListDeleted, ListAccountsAdded, ListAccountsRemoved), _NOTHING),
    **dict.fromkeys((TagFollowed, TagUnfollowed, TagFeatured, TagUnfeatured), _NOTHING),
    **dict.fromkeys(
        (HashtagShown, HashtagsListed, FollowAnswered, QuoteRequested, LinkPreviewed, LinkForgotten), _NOTHING
    ),
    **dict.fromkeys((NotificationDismissed, NotificationsCleared, NotificationPolicyChosen), _NOTHING),
    **dict.fromkeys((NotificationRequestsAccepted, NotificationRequestsDismissed), _NOTHING),
    **dict.fromkeys((ConversationDeleted, ConversationMarked, PollExpired), _NOTHING),
    **dict.fromkeys((StatusScheduled, StatusRescheduled, StatusUnscheduled), _NOTHING),
}


def touched(entries: Iterable[Entry]) -> Touched:
    """Return what a batch touches."""
    statuses: set[int] = set()
    accounts: set[int] = set()
    readers: set[int] = set()
    published: set[int] = set()
    for entry in entries:
        ids = _TOUCHES.get(type(entry.fact))
        if ids is None:
            return EVERYTHING
        statuses.update(_named(entry.fact, ids.statuses))
        accounts.update(_named(entry.fact, ids.accounts))
        readers.update(_named(entry.fact, ids.readers))
        published.update(_named(entry.fact, ids.published))
    return Touched(tuple(statuses), tuple(accounts), tuple(readers), tuple(published))


def _named(fact: Fact | Event, fields: tuple[str, ...]) -> Iterator[int]:
    for field in fields:
        named: int | None = getattr(fact, field)
        if named is not None:
            yield named
