"""Local accounts, and what their owners do to others in private."""

from datetime import datetime

import msgspec

from fedi.events.catalogue import Event, event


@event("account.created")
class AccountCreated(Event, frozen=True, kw_only=True):
    """A local account came to be. `document` is its actor document as first served."""

    account_id: int
    username: str
    document: msgspec.Raw


@event("account.muted")
class AccountMuted(Event, frozen=True, kw_only=True):
    """`account_id` no longer wants to read `target_id`, until `expires_at` if it is given."""

    account_id: int
    target_id: int
    notifications: bool
    expires_at: datetime | None = None


@event("account.unmuted")
class AccountUnmuted(Event, frozen=True, kw_only=True):
    account_id: int
    target_id: int


@event("account.endorsed")
class AccountEndorsed(Event, frozen=True, kw_only=True):
    """`account_id` shows `target_id`, whom they follow, on their profile."""

    account_id: int
    target_id: int


@event("account.unendorsed")
class AccountUnendorsed(Event, frozen=True, kw_only=True):
    account_id: int
    target_id: int


@event("account.collections_hidden")
class AccountCollectionsHidden(Event, frozen=True, kw_only=True):
    """`account_id` shows, or no longer shows, whom they follow and who follows them."""

    account_id: int
    hidden: bool


@event("account.link_verified")
class LinkVerified(Event, frozen=True, kw_only=True):
    """The page at `url`, which stands on an account's profile, was seen to link back."""

    account_id: int
    url: str
    verified_at: datetime


@event("account.noted")
class AccountNoted(Event, frozen=True, kw_only=True):
    """`account_id` wrote down for themselves what to remember of `target_id`; "" forgets it."""

    account_id: int
    target_id: int
    comment: str


@event("mute.expired")
class MuteExpired(Event, frozen=True, kw_only=True):
    """The time of a mute ran out. `mute_id` is that of its row: a mute said anew meanwhile goes on."""

    account_id: int
    target_id: int
    mute_id: int


@event("follow.options_changed")
class FollowOptionsChanged(Event, frozen=True, kw_only=True):
    """The follower chose what to see of somebody: boosts, a notice of each post, only some languages."""

    account_id: int
    target_id: int
    boosts: bool
    notify: bool
    languages: tuple[str, ...] = ()
