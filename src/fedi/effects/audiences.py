"""Who is to receive a local activity, from the facts it turned out to be. Pure; people by id or URI, not by inbox.

Followers means those at the activity's position. Edits and deletions go to the recorded audience of the original, with
everybody who acted on it since, whoever follows now.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import msgspec

from fedi.activitypub.vocabulary.visibility import PUBLIC, normal_audience
from fedi.events.activities import ActivityPublished
from fedi.facts.accounts import AccountChanged, AccountDeleted, AccountMoved
from fedi.facts.collections import CollectionAnnounced, FeatureAsking
from fedi.facts.interactions import (
    PollVoted,
    StatusBoosted,
    StatusFavourited,
    StatusPinned,
    StatusUnboosted,
    StatusUnfavourited,
    StatusUnpinned,
)
from fedi.facts.quotes import QuoteAccepted, QuoteEnded, QuoteLinked, StampRevoked
from fedi.facts.relationships import AccountBlocked, AccountUnblocked, FollowAccepted, FollowEnded, FollowRequested
from fedi.facts.statuses import MentionedAccount, StatusDeleted, StatusEdited, StatusPublished
from fedi.meaning.interpret import Interpretation

_OPEN = frozenset({"public", "unlisted"})


class Audience(msgspec.Struct, kw_only=True):
    """Who receives the activity at `position`, which is of the type `kind`.

    Sets of ids: `followers_of` and `accounts` are accounts, `authors_of` and `sent_of` statuses whose author, or whose
    recorded audience, receives it; `uris` are actors. It is recorded under the status `record`. `personal` tells that
    it is meant for one person and goes to that person's own inbox, `all_reached` that it goes wherever the account ever
    sent anything; `farewell` that it says no more than that a follow ended, which is said even to those to whom nothing
    else is; `relayed` that relays get it too. It concerns what it is `about`, and comes `after` the status that it
    answers or passes on.
    """

    position: int
    account_id: int
    kind: str
    said_at: datetime
    about: int = 0
    after: int = 0
    followers_of: set[int] = msgspec.field(default_factory=set)
    accounts: set[int] = msgspec.field(default_factory=set)
    authors_of: set[int] = msgspec.field(default_factory=set)
    sent_of: set[int] = msgspec.field(default_factory=set)
    uris: set[str] = msgspec.field(default_factory=set)
    record: int | None = None
    forget: int | None = None
    personal: bool = True
    all_reached: bool = False
    relayed: bool = False
    farewell: bool = False


class Acted(msgspec.Struct, frozen=True):
    """An account acted on a status: from now on its server is told what becomes of the status."""

    status_id: int
    account_id: int


def audience(said: Interpretation) -> Audience | None:
    """Return who receives an activity; None for what is not ours to send."""
    event = said.recorded.event
    if not isinstance(event, ActivityPublished):
        return None
    document = msgspec.json.decode(event.document)
    found = Audience(
        position=said.recorded.position,
        account_id=event.account_id,
        kind=str(document.get("type", "")),
        said_at=said.recorded.recorded_at,
    )
    named = {*normal_audience(document.get("to")), *normal_audience(document.get("cc"))}
    found.uris = named - {PUBLIC}
    for entry in said.entries:
        if entry.origin == "published":
            _add(found, entry.fact)
    facts = [entry.fact for entry in said.entries]
    found.accounts |= _quoted(facts)
    found.farewell = bool(facts) and all(isinstance(fact, FollowEnded) for fact in facts)
    found.accounts.discard(found.account_id)
    return found


def acted(said: Interpretation) -> Iterator[Acted]:
    """Yield who acted on which status by an event, whoever said it."""
    for entry in said.entries:
        match entry.fact:
            case StatusFavourited(account_id=account_id, status_id=status_id):
                yield Acted(status_id, account_id)
            case StatusBoosted(account_id=account_id, status_id=status_id):
                yield Acted(status_id, account_id)
            case PollVoted(account_id=account_id, status_id=status_id):
                yield Acted(status_id, account_id)
            case StatusPublished(account_id=account_id, in_reply_to_id=int(parent)):
                yield Acted(parent, account_id)
            case QuoteAccepted(account_id=account_id, quoted_id=quoted_id):
                yield Acted(quoted_id, account_id)
            case _:
                pass


def _add(found: Audience, fact: object) -> None:
    match fact:
        case StatusPublished():
            _add_status(found, fact)
        case StatusEdited(status_id=status_id, mentions=mentions):
            found.about, found.record, found.personal = status_id, status_id, False
            found.sent_of.add(status_id)
            found.accounts.update(_known(mentions))
        case StatusDeleted(status_id=status_id):
            found.about, found.forget, found.personal = status_id, status_id, False
            found.sent_of.add(status_id)
        case StatusBoosted(boost_id=boost_id, account_id=account_id, status_account_id=author):
            found.about, found.record, found.personal = boost_id, boost_id, False
            found.after = fact.status_id
            found.accounts.add(author)
            if fact.visibility != "direct":
                found.followers_of.add(account_id)
        case StatusUnboosted(boost_id=boost_id):
            found.about, found.forget, found.personal = boost_id, boost_id, False
            found.sent_of.add(boost_id)
        case StatusFavourited(status_id=status_id, status_account_id=author):
            found.about = status_id
            found.accounts.add(author)
        case StatusUnfavourited(status_id=status_id) | PollVoted(status_id=status_id):
            found.about = status_id
            found.authors_of.add(status_id)
        case _:
            _add_for_account(found, fact)


def _add_status(found: Audience, fact: StatusPublished) -> None:
    found.about, found.record, found.personal = fact.status_id, fact.status_id, False
    found.after = fact.in_reply_to_id or 0
    found.accounts.update(_known(fact.mentions))
    found.relayed = fact.visibility == "public"
    if fact.visibility != "direct":
        found.followers_of.add(fact.account_id)
    # A reply in the open concerns the parent's author and readers; to a closed circle it is nobody else's business.
    if fact.visibility in _OPEN and fact.in_reply_to_account_id is not None:
        found.accounts.add(fact.in_reply_to_account_id)
        found.followers_of.add(fact.in_reply_to_account_id)


def _quoted(facts: Sequence[object]) -> set[int]:
    """Return whom a post in the open quotes: it concerns them, and so will its edits and its end."""
    said = {fact.status_id for fact in facts if isinstance(fact, StatusPublished) and fact.visibility in _OPEN}
    return {fact.quoted_account_id for fact in facts if isinstance(fact, QuoteLinked) and fact.status_id in said}


def _add_for_account(found: Audience, fact: object) -> None:
    match fact:
        case FollowRequested(account_id=one, target_id=other) | FollowAccepted(account_id=one, target_id=other):
            _add_other(found, one, other)
        case FollowEnded(account_id=one, target_id=other):
            _add_other(found, one, other)
        case AccountBlocked(account_id=one, target_id=other) | AccountUnblocked(account_id=one, target_id=other):
            _add_other(found, one, other)
        case AccountChanged(account_id=account_id):
            found.about, found.personal = account_id, False
            found.followers_of.add(account_id)
        case AccountDeleted(account_id=account_id) | AccountMoved(account_id=account_id):
            found.about, found.personal, found.all_reached = account_id, False, True
            found.followers_of.add(account_id)
        case StampRevoked(quoted_id=quoted_id, account_id=account_id):
            found.about, found.personal = quoted_id, False
            found.followers_of.add(account_id)
            found.sent_of.add(quoted_id)
        case QuoteEnded(account_id=quoting, quoted_account_id=quoted):
            _add_other(found, quoting, quoted)
        case FeatureAsking(account_id=one, member_id=other):
            _add_other(found, one, other)
        case CollectionAnnounced(account_id=account_id):
            found.about, found.personal = account_id, False
            found.followers_of.add(account_id)
        case StatusPinned(account_id=account_id) | StatusUnpinned(account_id=account_id):
            found.about, found.personal = account_id, False
            found.followers_of.add(account_id)
        case _:
            pass


def _add_other(found: Audience, one: int, other: int) -> None:
    partner = other if one == found.account_id else one
    found.about = partner
    found.accounts.add(partner)


def _known(mentions: Iterable[MentionedAccount]) -> set[int]:
    return {mention.account_id for mention in mentions if mention.account_id is not None}
