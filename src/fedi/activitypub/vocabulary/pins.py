"""What Add and Remove have in common: they change a collection of their actor's."""

from fedi.activitypub.vocabulary import kinds, values
from fedi.activitypub.vocabulary.authority import actor_of
from fedi.activitypub.vocabulary.claims import Claim, Pinned
from fedi.activitypub.vocabulary.recommendations import told
from fedi.activitypub.vocabulary.values import Document


def read_pin(activity: Document, *, pinned: bool) -> tuple[Claim, ...]:
    """A collection of another origin is not the actor's: Lemmy's moderators, for one, change their community's.

    Whether it is the one of pinned posts is known where the actor's `featured` is. A Hashtag is no pin.
    """
    actor = actor_of(activity)
    added, target = values.first(activity.get("object")), values.id_of(activity.get("target"))
    uri = values.id_of(added)
    if isinstance(added, dict) and kinds.FEATURED.intersection(values.types(added)):
        return told(added, actor, gone=not pinned) if uri and values.same_origin(target, actor) else ()
    if (
        not uri
        or not values.same_origin(target, actor)
        or (isinstance(added, dict) and "Hashtag" in values.types(added))
    ):
        return ()
    return (Pinned(object=uri, target=target, pinned=pinned),)
