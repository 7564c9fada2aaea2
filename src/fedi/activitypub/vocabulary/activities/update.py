"""Update: a changed post or profile."""

from fedi.activitypub.vocabulary import actors, kinds, posts, values
from fedi.activitypub.vocabulary.authority import actor_of, check_origin, check_same, id_required
from fedi.activitypub.vocabulary.claims import ActorDescribed, Claim, Edited
from fedi.activitypub.vocabulary.hints import hinted
from fedi.activitypub.vocabulary.recommendations import told
from fedi.activitypub.vocabulary.values import Document

TYPE = "Update"


def read(activity: Document) -> tuple[Claim, ...]:
    """Actors describe nobody but themselves (S-013), and change nothing but their own posts (S-011, S-014)."""
    actor = actor_of(activity)
    changed = values.first(activity.get("object"))
    if not isinstance(changed, dict):
        return hinted(changed, actor, changed=True)
    if kinds.ACTORS.intersection(values.types(changed)):
        check_same(id_required(changed), actor)
        return (ActorDescribed(profile=actors.read_actor(changed)),)
    if kinds.FEATURED.intersection(values.types(changed)):
        check_origin(id_required(changed), actor)
        return told(changed, actor)
    if not posts.is_post(changed):
        return ()
    return (Edited(post=posts.read_post(changed, by=actor, envelope=activity)),)
