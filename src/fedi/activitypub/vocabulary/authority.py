"""Who may say what, as far as the document alone can tell: the rest is decided where the author is known.

An actor speaks for itself and for objects of its own origin that name it as their author (SECURITY class A).
"""

from fedi.activitypub.vocabulary import values
from fedi.activitypub.vocabulary.values import Document
from fedi.errors import PeerError


class MalformedError(PeerError):
    """The document lacks something that its type demands."""

    reason = "malformed"


class NotOwnerError(PeerError):
    """The actor speaks of something that is not its own."""

    reason = "not_owner"


def actor_of(activity: Document) -> str:
    """Return the URI of who says this; raises `MalformedError`."""
    return values.id_of(activity.get("actor")) or _malformed()


def id_required(document: Document) -> str:
    """Return the id of a document; raises `MalformedError`."""
    return values.uri(document.get("id")) or _malformed()


def object_required(activity: Document) -> str:
    """Return the id of an activity's object; raises `MalformedError`."""
    return values.id_of(activity.get("object")) or _malformed()


def check_activity_id(activity: Document, actor: str) -> None:
    """Refuse an activity whose id is not of its actor's origin: it could keep the real one out (S-007).

    An activity may have no id at all. Raises `MalformedError`, `NotOwnerError`.
    """
    stated = activity.get("id")
    if stated in (None, ""):
        return
    check_origin(id_required(activity), actor)


def check_origin(uri: str, actor: str) -> None:
    """Refuse an object of another origin than the actor's; raises `NotOwnerError`."""
    if not values.same_origin(uri, actor):
        raise NotOwnerError


def check_same(uri: str, actor: str) -> None:
    """Refuse anything but the actor itself; raises `NotOwnerError`."""
    if uri != actor:
        raise NotOwnerError


def _malformed() -> str:
    raise MalformedError
