"""Whole servers that somebody wants nothing to do with, and what ends because of it."""

from typing import Literal

from fedi.events.catalogue import Event, event

SeveranceKind = Literal["domain_block", "user_domain_block", "account_suspension"]


@event("domain.blocked")
class DomainBlocked(Event, frozen=True, kw_only=True):
    """`account_id` wants neither to read nor to be followed by anybody of `domain`, a host as it stands in handles."""

    account_id: int
    domain: str


@event("domain.unblocked")
class DomainUnblocked(Event, frozen=True, kw_only=True):
    account_id: int
    domain: str


@event("relationships.severed")
class RelationshipsSevered(Event, frozen=True, kw_only=True):
    """`account_id` lost followers, and no longer follows others, because of what was done to `target_name`.

    The counts are of follows that stood; `target_name` is a domain or an account's handle.
    """

    account_id: int
    kind: SeveranceKind
    target_name: str
    followers: int
    following: int
