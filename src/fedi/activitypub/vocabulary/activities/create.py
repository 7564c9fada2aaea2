"""Create: a post, or a vote in a poll."""

from fedi.activitypub.vocabulary import polls, posts, values
from fedi.activitypub.vocabulary.authority import actor_of, check_origin, check_same, id_required
from fedi.activitypub.vocabulary.claims import Claim, Posted, Voted
from fedi.activitypub.vocabulary.hints import hinted
from fedi.activitypub.vocabulary.values import Document

TYPE = "Create"


def read(activity: Document) -> tuple[Claim, ...]:
    """An embedded object must be the actor's own (S-016). One that is only named is fetched."""
    actor = actor_of(activity)
    created = values.first(activity.get("object"))
    if not isinstance(created, dict):
        return hinted(created, actor)
    if polls.is_vote(created):
        return (_vote(created, actor),)
    if not posts.is_post(created):
        return ()
    return (Posted(post=posts.read_post(created, by=actor, envelope=activity)),)


def _vote(note: Document, actor: str) -> Voted:
    check_origin(id_required(note), actor)
    check_same(values.id_of(note.get("attributedTo")) or actor, actor)
    option = values.plain(note.get("name"), polls.MAX_TITLE)
    return Voted(poll=values.id_of(note.get("inReplyTo")), option=option)
