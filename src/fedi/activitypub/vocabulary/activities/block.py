"""Block: the actor wants nothing to do with somebody."""

from fedi.activitypub.vocabulary import values
from fedi.activitypub.vocabulary.authority import object_required
from fedi.activitypub.vocabulary.claims import Blocked, Claim
from fedi.activitypub.vocabulary.values import Document

TYPE = "Block"


def read(activity: Document) -> tuple[Claim, ...]:
    """Anybody may block anybody."""
    blocked = object_required(activity)
    return (Blocked(uri=values.uri(activity.get("id")), object=blocked),)
