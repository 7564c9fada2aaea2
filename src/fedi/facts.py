"""What an event means: the facts that folds and effects see, whoever said it and in whatever dialect.

A fact names accounts and statuses by our ids. A private event (a bookmark, a mute, a list) is its own fact; the rest
stand here. What a document describes (descriptions.py) is part of some of them.
"""

from datetime import datetime
from typing import Literal

import msgspec

from fedi.descriptions import (
    Interaction,
    Post,
    Profile,
    Value,
    Visibility,
)
from fedi.events import Event

Origin = Literal["received", "published", "fetched", "private"]
"""How the event came: from a remote actor, from a local one, by our own fetch, or as a private act."""

QuotersWord = Literal["public", "followers", "following", "unsupported_policy"]
QuoteState = Literal["pending", "accepted", "rejected", "revoked", "deleted"]


class QuotePolicy(Value, frozen=True, kw_only=True):
    """Who may quote a post, in the words of the middle: at once, or when its author says yes."""

    automatic: tuple[QuotersWord, ...] = ()
    manual: tuple[QuotersWord, ...] = ()


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is so from here on."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A fact in its place: `ordinal` counts the facts of one event; `at` is the event's `recorded_at`."""

    position: int
    ordinal: int
    at: datetime
    origin: Origin
    fact: Fact | Event


class AccountChanged(Fact, frozen=True, kw_only=True):
    """An account was seen for the first time, or its profile is another one now.

    `domain` is None for local accounts. `document` is the actor document of a local account, as it is served.
    """

    account_id: int
    domain: str | None
    profile: Profile
    first_seen: bool
    document: bytes = b""


class AccountDeleted(Fact, frozen=True, kw_only=True):
    """The account is gone, on its own word or its server's; one elsewhere may come back, and be blocked as before."""

    account_id: int
    local: bool = False


class AccountMoved(Fact, frozen=True, kw_only=True):
    """The account says that it is now the one at `target_uri`; whether that one agrees is not known yet."""

    account_id: int
    target_uri: str


class AccountCounted(Fact, frozen=True, kw_only=True):
    """Its home server told how many followers, followed accounts or statuses an account has."""

    account_id: int
    what: Literal["followers", "following", "statuses"]
    total: int


class MentionedAccount(Value, frozen=True, kw_only=True):
    """A mention, resolved: `account_id` is None while nobody here knows the account.

    Silent: addressed, not named. Who is named and not `addressed` is shown in the post, and has nothing else from it:
    neither news of it nor the right to read it (S-127).
    """

    uri: str
    name: str
    account_id: int | None = None
    silent: bool = False
    addressed: bool = True


class StatusPublished(Fact, frozen=True, kw_only=True):
    """A post exists. `document` is the object of a local post as it is served; `text` its source."""

    status_id: int
    account_id: int
    post: Post
    visibility: Visibility
    created_at: datetime
    local: bool
    mentions: tuple[MentionedAccount, ...] = ()
    in_reply_to_id: int | None = None
    in_reply_to_account_id: int | None = None
    text: str | None = None
    application: tuple[str, str] | None = None
    document: bytes = b""
    quote_policy: QuotePolicy = QuotePolicy()
    hide_totals: bool = False


class StatusEdited(Fact, frozen=True, kw_only=True):
    """The author changed a post. Its author, parent and visibility stay as they were."""

    status_id: int
    account_id: int
    post: Post
    edited_at: datetime
    mentions: tuple[MentionedAccount, ...] = ()
    text: str | None = None
    document: bytes = b""
    quote_policy: QuotePolicy | None = None
    """None when this is said of a version that is not the latest."""
    hide_totals: bool = False
    significant: bool = True
    """False when only a poll's tallies, who may quote it, or the like changed: not an edit that people see."""


class StatusDeleted(Fact, frozen=True, kw_only=True):
    status_id: int
    account_id: int


class ReplyLinked(Fact, frozen=True, kw_only=True):
    """The parent of a status became known after the status."""

    status_id: int
    parent_id: int
    parent_account_id: int


class MentionLinked(Fact, frozen=True, kw_only=True):
    """Somebody mentioned in a status became known after the status."""

    status_id: int
    account_id: int
    uri: str


class QuoteLinked(Fact, frozen=True, kw_only=True):
    """What a status quotes is known."""

    status_id: int
    account_id: int
    quoted_id: int
    quoted_account_id: int
    quoted_uri: str


class InteractionRequested(Fact, frozen=True, kw_only=True):
    """An account asks the author of a status for leave to favourite, answer or boost it; the answer names `uri`."""

    kind: Interaction
    account_id: int
    status_id: int
    status_uri: str
    instrument_uri: str
    uri: str


class QuoteRequested(Fact, frozen=True, kw_only=True):
    """An account asks the author of a status to let its post `quote_uri` quote it; the answer names `uri`."""

    account_id: int
    quoted_id: int
    quoted_account_id: int
    quoted_uri: str
    quote_uri: str
    uri: str


class QuoteStamped(Fact, frozen=True, kw_only=True):
    """A local author allowed that a post quotes one of theirs; the stamp at `uri` says so to everybody."""

    uri: str
    account_id: int
    quote_uri: str
    quoted_id: int
    quoted_uri: str


class StampRevoked(Fact, frozen=True, kw_only=True):
    """A local author took a stamp back."""

    uri: str
    account_id: int
    quoted_id: int


class QuoteAccepted(Fact, frozen=True, kw_only=True):
    """The quoted author allows the quote, or is the one who quotes. `stamp` is "" for who quotes themselves.

    `news` is False when it was so before, and the status only came to quote the same again.
    """

    status_id: int
    account_id: int
    quoted_id: int
    quoted_account_id: int
    stamp: str = ""
    news: bool = True


class QuoteEnded(Fact, frozen=True, kw_only=True):
    """The quoted author does not allow the quote, or no longer."""

    status_id: int
    account_id: int
    quoted_id: int
    quoted_account_id: int
    state: QuoteState


class FeatureAsking(Fact, frozen=True, kw_only=True):
    """Somebody asks an account to stand in one of their collections; the answer names `uri`."""

    account_id: int
    member_id: int
    member_uri: str
    collection_uri: str
    uri: str


class FeatureStamped(Fact, frozen=True, kw_only=True):
    """Somebody here stands in a collection of somebody elsewhere, and says so by the stamp at `stamp`."""

    collection_id: int
    item_id: int
    account_id: int
    member_id: int
    collection_uri: str
    stamp: str


class CollectionDescribed(Fact, frozen=True, kw_only=True):
    """What the collection of somebody elsewhere, in which somebody here stands, is like."""

    collection_id: int
    name: str
    description: str
    language: str
    sensitive: bool
    discoverable: bool
    tag: str


class FeatureAccepted(Fact, frozen=True, kw_only=True):
    """An account elsewhere stands in a collection of somebody here, and says so by its stamp."""

    collection_id: int
    member_id: int
    stamp: str


class FeatureEnded(Fact, frozen=True, kw_only=True):
    """An account does not stand in a collection, or no longer; one of the two is of somebody here."""

    collection_id: int
    member_id: int


class CollectionAnnounced(Fact, frozen=True, kw_only=True):
    """Somebody tells everybody of a collection of theirs."""

    account_id: int


class StatusBoosted(Fact, frozen=True, kw_only=True):
    """`boost_id` is the id of the boost itself, in the ids of statuses."""

    boost_id: int
    account_id: int
    status_id: int
    status_account_id: int
    uri: str
    visibility: Visibility
    created_at: datetime
    local: bool
    document: bytes = b""


class StatusUnboosted(Fact, frozen=True, kw_only=True):
    boost_id: int
    account_id: int
    status_id: int


class StatusFavourited(Fact, frozen=True, kw_only=True):
    """`emoji` is what a server with reactions sent instead of a plain like."""

    account_id: int
    status_id: int
    status_account_id: int
    emoji: str = ""


class StatusUnfavourited(Fact, frozen=True, kw_only=True):
    account_id: int
    status_id: int


class StatusPinned(Fact, frozen=True, kw_only=True):
    account_id: int
    status_id: int


class StatusUnpinned(Fact, frozen=True, kw_only=True):
    account_id: int
    status_id: int


class HashtagShown(Fact, frozen=True, kw_only=True):
    """Somebody elsewhere shows a hashtag on their profile, or no longer."""

    account_id: int
    name: str
    written: str
    shown: bool


class HashtagsListed(Fact, frozen=True, kw_only=True):
    """All the hashtags that a remote account shows, in their normal form; each of them is told by itself after this."""

    account_id: int
    names: tuple[str, ...]


class PinsListed(Fact, frozen=True, kw_only=True):
    """The whole list of what a remote account has pinned, as far as the posts are known here."""

    account_id: int
    status_ids: tuple[int, ...]


class PollVoted(Fact, frozen=True, kw_only=True):
    """`option` is the title of the chosen option, as the voter sent it."""

    account_id: int
    status_id: int
    option: str


class FollowRequested(Fact, frozen=True, kw_only=True):
    """`uri` is the Follow activity's id, which the answer must name; `locked`: the target decides for itself."""

    account_id: int
    target_id: int
    uri: str
    locked: bool
    boosts: bool = True
    notify: bool = False
    languages: tuple[str, ...] = ()


class FollowAccepted(Fact, frozen=True, kw_only=True):
    """`account_id` now follows `target_id`, which is `locked` or lets everybody follow."""

    account_id: int
    target_id: int
    locked: bool


class FollowAnswered(Fact, frozen=True, kw_only=True):
    """`actor` answers a Follow that no account here sent: perhaps the server itself, to a relay."""

    uri: str
    actor: str
    accepted: bool


class ServerAsked(Fact, frozen=True, kw_only=True):
    """`actor` asks to follow `target`, which is no account: perhaps the server itself, as relays do."""

    uri: str
    actor: str
    target: str


class FollowEnded(Fact, frozen=True, kw_only=True):
    """`account_id` no longer follows, or no longer asks to follow, `target_id`; `by` is who ended it."""

    account_id: int
    target_id: int
    by: int


class AccountBlocked(Fact, frozen=True, kw_only=True):
    account_id: int
    target_id: int


class AccountUnblocked(Fact, frozen=True, kw_only=True):
    account_id: int
    target_id: int


class AccountReported(Fact, frozen=True, kw_only=True):
    """Another server reports a local account, perhaps for some of its statuses; `account_id` is who says so."""

    report_id: int
    uri: str
    account_id: int
    target_id: int
    comment: str
    status_ids: tuple[int, ...] = ()
