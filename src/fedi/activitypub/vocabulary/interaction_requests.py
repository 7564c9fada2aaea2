"""What LikeRequest, ReplyRequest and AnnounceRequest have in common: an actor asks for leave before it does something.

GoToSocial's interaction policies. Whoever gets leave does it then, so what is embedded counts only by its id.
"""

from fedi.activitypub.vocabulary import values
from fedi.activitypub.vocabulary.authority import (
    MalformedError,
    actor_of,
    check_origin,
    check_same,
    id_required,
    object_required,
)
from fedi.activitypub.vocabulary.claims import InteractionAsked
from fedi.activitypub.vocabulary.values import Document
from fedi.descriptions import Interaction


def read_request(activity: Document, kind: Interaction) -> tuple[InteractionAsked, ...]:
    """What is to be done must be the actor's own, and of its origin; and be done to what leave is asked for."""
    actor, target = actor_of(activity), object_required(activity)
    instrument = values.first(activity.get("instrument"))
    uri = values.id_of(instrument)
    if not uri:
        raise MalformedError
    check_origin(uri, actor)
    if isinstance(instrument, dict):
        said_by = values.id_of(instrument.get("attributedTo" if kind == "reply" else "actor"))
        done_to = values.id_of(instrument.get("inReplyTo" if kind == "reply" else "object"))
        check_same(said_by or actor, actor)
        check_same(done_to or target, target)
    return (InteractionAsked(kind=kind, uri=id_required(activity), object=target, instrument=uri),)
