"""Follows that ended at once, as clients see them."""

import msgspec

from fedi.api.encoding import timestamp
from fedi.views.notifications import Severance


class RelationshipSeveranceEvent(msgspec.Struct, frozen=True, kw_only=True):
    """`purged` would tell that nobody knows any more whose follows they were."""

    id: str
    type: str
    purged: bool = False
    target_name: str
    followers_count: int
    following_count: int
    created_at: str


def severance(found: Severance) -> RelationshipSeveranceEvent:
    """Return what was severed."""
    return RelationshipSeveranceEvent(
        id=str(found.id),
        type=found.kind,
        target_name=found.target_name,
        followers_count=found.followers,
        following_count=found.following,
        created_at=timestamp(found.created_at),
    )
