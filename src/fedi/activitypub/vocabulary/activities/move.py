"""Move: an account goes to another one (FEP-7628). Whether that one agrees is for others to find out."""

from fedi.activitypub.vocabulary import values
from fedi.activitypub.vocabulary.authority import NotOwnerError, actor_of, object_required
from fedi.activitypub.vocabulary.claims import Claim, Moved
from fedi.activitypub.vocabulary.values import Document

TYPE = "Move"


def read(activity: Document) -> tuple[Claim, ...]:
    """Actors move themselves and nobody else."""
    moved = object_required(activity)
    if moved != actor_of(activity):
        raise NotOwnerError
    target = values.id_of(activity.get("target"))
    return (Moved(target=target),) if target and target != moved else ()
