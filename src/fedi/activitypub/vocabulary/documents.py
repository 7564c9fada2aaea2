"""Fetched documents of any kind. Whoever fetched one has made sure that it was found at its own id."""

from fedi.activitypub.vocabulary import kinds, values
from fedi.activitypub.vocabulary.activities import read_activity
from fedi.activitypub.vocabulary.actors import read_actor
from fedi.activitypub.vocabulary.authority import actor_of, check_activity_id, id_required
from fedi.activitypub.vocabulary.claims import ActorDescribed, Claim, Deleted, Posted
from fedi.activitypub.vocabulary.collections import read_collection
from fedi.activitypub.vocabulary.posts import is_post, read_post
from fedi.activitypub.vocabulary.quotes import read_stamp
from fedi.activitypub.vocabulary.recommendations import read_recommendation
from fedi.activitypub.vocabulary.values import Document

_LIKES = frozenset({"Like", "EmojiReact"})


def read_document(document: Document) -> Claim | None:
    """Return what a fetched document claims: an actor, a post, a collection, a stamp, a Tombstone; None for all else.

    Of a Create, which some servers serve for the id of a post's page, the post inside counts. A Like is served by
    servers whose communities announce it. Votes are nobody's to
    read. Raises `PeerError`: the document is malformed, or is of another origin than its author.
    """
    found = values.types(document)
    if kinds.ACTORS.intersection(found):
        return ActorDescribed(profile=read_actor(document))
    if kinds.COLLECTIONS.intersection(found):
        return read_collection(document)
    if "Tombstone" in found:
        return Deleted(uri=id_required(document))
    if "QuoteAuthorization" in found:
        return read_stamp(document)
    if "FeaturedCollection" in found:
        return read_recommendation(document)
    if "Create" in found:
        return _created(document)
    if not _LIKES.isdisjoint(found):
        return next(iter(read_activity(document)), None)
    if is_post(document):
        return Posted(post=read_post(document))
    return None


def _created(activity: Document) -> Claim | None:
    actor = actor_of(activity)
    check_activity_id(activity, actor)
    post = values.first(activity.get("object"))
    return (
        Posted(post=read_post(post, by=actor, envelope=activity)) if isinstance(post, dict) and is_post(post) else None
    )
