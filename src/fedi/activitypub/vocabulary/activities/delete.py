"""Delete: a post, or the actor itself, is gone. The object is an id or a Tombstone."""

from fedi.activitypub.vocabulary.authority import actor_of, check_origin, object_required
from fedi.activitypub.vocabulary.claims import Claim, Deleted
from fedi.activitypub.vocabulary.values import Document

TYPE = "Delete"


def read(activity: Document) -> tuple[Claim, ...]:
    """The same origin is asked for here; that the actor is the author, where the author is known."""
    actor = actor_of(activity)
    uri = object_required(activity)
    check_origin(uri, actor)
    return (Deleted(uri=uri),)
