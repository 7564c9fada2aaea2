"""What is so of accounts."""

from typing import Literal

from fedi.descriptions import Profile
from fedi.facts import Fact


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
