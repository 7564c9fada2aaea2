"""Follow: the actor asks to follow somebody."""

from fedi.activitypub.vocabulary import values
from fedi.activitypub.vocabulary.authority import object_required
from fedi.activitypub.vocabulary.claims import Claim, FollowAsked
from fedi.activitypub.vocabulary.values import Document
from fedi.activitypub.vocabulary.visibility import is_public

TYPE = "Follow"


def read(activity: Document) -> tuple[Claim, ...]:
    """A Follow of the public collection asks a relay (FEP-ae0c), which this server is not."""
    if is_public(values.first(activity.get("object"))):
        return ()
    followed = object_required(activity)
    return (FollowAsked(uri=values.uri(activity.get("id")), object=followed),)
