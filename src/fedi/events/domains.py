"""Whole servers that somebody, or the operator, wants little or nothing to do with, and what ends because of it."""

from typing import Literal

from fedi.events.catalogue import Event, event

SeveranceKind = Literal["domain_block", "user_domain_block", "account_suspension"]
Severity = Literal["noop", "silence", "suspend"]
"""Mastodon's words, weakest first: nothing but what else is said, fewer see it, nothing goes in or out."""


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


@event("domain.limited")
class DomainLimited(Event, frozen=True, kw_only=True):
    """The operator limits a domain and all below it that have no limit of their own. What was said before is replaced.

    `obfuscate` keeps most of the name from who may read the list, `private_comment` is for the operator alone.
    """

    domain: str
    severity: Severity
    reject_media: bool = False
    reject_reports: bool = False
    obfuscate: bool = False
    public_comment: str = ""
    private_comment: str = ""


@event("domain.unlimited")
class DomainUnlimited(Event, frozen=True, kw_only=True):
    """The operator takes the limit of a domain back."""

    domain: str


@event("domain.allowed")
class DomainAllowed(Event, frozen=True, kw_only=True):
    """The operator lets a domain, and all below it, in where only those may come that are named."""

    domain: str


@event("domain.disallowed")
class DomainDisallowed(Event, frozen=True, kw_only=True):
    domain: str
