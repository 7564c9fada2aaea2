"""What Add and Remove have in common: they change a collection of their actor's."""

from fedi.activitypub.vocabulary import kinds, tags, values
from fedi.activitypub.vocabulary.authority import actor_of
from fedi.activitypub.vocabulary.claims import Claim, Pinned, TagShown
from fedi.activitypub.vocabulary.recommendations import told
from fedi.activitypub.vocabulary.values import Document


def read_pin(activity: Document, *, pinned: bool) -> tuple[Claim, ...]:
    """A collection of another origin is not the actor's: Lemmy's moderators, for one, change their community's.

    Whether it is the one of pinned posts, or of hashtags, is known where the actor's own are.
    """
    actor = actor_of(activity)
    added, target = values.first(activity.get("object")), values.id_of(activity.get("target"))
    if not values.same_origin(target, actor):
        return ()
    if isinstance(added, dict) and "Hashtag" in values.types(added):
        return tuple(TagShown(name=name, target=target, shown=pinned) for name in tags.hashtag_names(added))
    uri = values.id_of(added)
    if isinstance(added, dict) and kinds.FEATURED.intersection(values.types(added)):
        return told(added, actor, gone=not pinned) if uri else ()
    return (Pinned(object=uri, target=target, pinned=pinned),) if uri else ()
