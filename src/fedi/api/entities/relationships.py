"""How the reader stands to an account, as clients see it."""

import msgspec

from fedi.api.encoding import timestamp
from fedi.views import relationships


class Relationship(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    following: bool
    showing_reblogs: bool
    notifying: bool
    languages: tuple[str, ...] | None
    followed_by: bool
    blocking: bool
    blocked_by: bool
    muting: bool
    muting_notifications: bool
    muting_expires_at: str | None
    requested: bool
    requested_by: bool
    domain_blocking: bool
    endorsed: bool
    note: str


def relationship(found: relationships.Relationship) -> Relationship:
    """Return how the reader stands to an account."""
    return Relationship(
        id=str(found.id),
        following=found.following,
        showing_reblogs=found.boosts,
        notifying=found.notify,
        languages=found.languages,
        followed_by=found.followed_by,
        blocking=found.blocking,
        blocked_by=found.blocked_by,
        muting=found.muting,
        muting_notifications=found.muting_notifications,
        muting_expires_at=None if found.muting_expires_at is None else timestamp(found.muting_expires_at),
        requested=found.requested,
        requested_by=found.requested_by,
        domain_blocking=found.domain_blocking,
        endorsed=found.endorsed,
        note=found.note,
    )
