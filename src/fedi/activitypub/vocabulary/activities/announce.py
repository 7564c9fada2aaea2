"""Announce: a boost. Whatever is embedded, only its id counts, as the announcer does not speak for it (S-017)."""

from typing import Any

from fedi.activitypub.vocabulary import kinds, posts, values
from fedi.activitypub.vocabulary.authority import NotOwnerError, actor_of, id_required
from fedi.activitypub.vocabulary.claims import Boosted, Claim, Posted
from fedi.activitypub.vocabulary.hints import relayed
from fedi.activitypub.vocabulary.values import Document
from fedi.activitypub.vocabulary.visibility import normal_audience

TYPE = "Announce"


def read(activity: Document) -> tuple[Claim, ...]:
    """An embedded post of the announcer's own is believed: private posts are boosted to followers that way."""
    actor = actor_of(activity)
    uri = id_required(activity)
    embedded = values.first(activity.get("object"))
    announced = announced_id(embedded)
    if not announced:
        return relayed(embedded) if isinstance(embedded, dict) else ()
    boost = Boosted(
        uri=uri,
        object=announced,
        to=normal_audience(activity.get("to")),
        cc=normal_audience(activity.get("cc")),
        published=values.moment(activity.get("published")),
    )
    return (*_own_post(embedded, actor), boost)


def announced_id(embedded: Any) -> str:
    """Return the id of the post that is boosted, or "".

    Lemmy's communities announce whole activities (FEP-1b12): of a Create the post counts, unless it is a comment, which
    nobody wants as a boost; of any other activity nothing is boosted (see `hints.relayed`).
    """
    if not isinstance(embedded, dict) or not kinds.ACTIVITIES.intersection(values.types(embedded)):
        return values.id_of(embedded)
    created = values.first(embedded.get("object"))
    if "Create" not in values.types(embedded) or (isinstance(created, dict) and created.get("inReplyTo")):
        return ""
    return values.id_of(created)


def _own_post(embedded: Any, actor: str) -> tuple[Claim, ...]:
    if not isinstance(embedded, dict) or not posts.is_post(embedded) or not embedded.get("attributedTo"):
        return ()
    try:
        return (Posted(post=posts.read_post(embedded, by=actor)),)
    except NotOwnerError:
        return ()
