"""Undo: takes back a Follow, Like, EmojiReact, Announce, Block or Accept, embedded or by its id."""

from typing import Any, Literal, get_args

from fedi.activitypub.vocabulary import values
from fedi.activitypub.vocabulary.activities.announce import announced_id
from fedi.activitypub.vocabulary.authority import actor_of, check_origin, check_same, object_required
from fedi.activitypub.vocabulary.claims import Claim, Undone
from fedi.activitypub.vocabulary.reactions import emoji_of
from fedi.activitypub.vocabulary.values import Document

TYPE = "Undo"

Undoable = Literal["Follow", "Like", "EmojiReact", "Announce", "Block", "Accept"]


def read(activity: Document) -> tuple[Claim, ...]:
    """What is undone must be the actor's own: of its origin, and by it where it says by whom."""
    actor = actor_of(activity)
    undone = values.first(activity.get("object"))
    if not isinstance(undone, dict) or not values.types(undone):
        uri = object_required(activity)
        check_origin(uri, actor)
        return (Undone(object=uri),)
    kind = _undoable(undone)
    if kind is None:
        return ()
    uri = values.uri(undone.get("id"))
    if uri:
        check_origin(uri, actor)
    check_same(values.id_of(undone.get("actor")) or actor, actor)
    target = (
        announced_id(values.first(undone.get("object"))) if kind == "Announce" else values.id_of(undone.get("object"))
    )
    if not uri and not target:
        return ()
    return (Undone(object=uri, kind=kind, target=target, emoji=emoji_of(undone)),)


def _undoable(activity: Document) -> Any:
    return next((kind for kind in values.types(activity) if kind in get_args(Undoable)), None)
