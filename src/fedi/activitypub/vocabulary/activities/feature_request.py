"""FeatureRequest: the actor asks somebody to stand in one of its collections of accounts (FEP-7aa9)."""

from fedi.activitypub.vocabulary import values
from fedi.activitypub.vocabulary.authority import MalformedError, actor_of, check_origin, object_required
from fedi.activitypub.vocabulary.claims import Claim, FeatureAsked
from fedi.activitypub.vocabulary.values import Document

TYPE = "FeatureRequest"


def read(activity: Document) -> tuple[Claim, ...]:
    """The collection must be of the actor's own origin. Where it is embedded, only its id counts."""
    member = object_required(activity)
    collection = values.id_of(activity.get("instrument"))
    if not collection:
        raise MalformedError
    check_origin(collection, actor_of(activity))
    return (FeatureAsked(uri=values.uri(activity.get("id")), member=member, collection=collection),)
