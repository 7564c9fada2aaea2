"""What is only named, or told by another than its author: nobody's word, but a hint where to look.

Communities announce whatever happens in them, whole activities of others inside their own (FEP-1b12). Of those nothing
is believed but that there is something to fetch from where it lives (S-017).
"""

from typing import Any

from fedi.activitypub.vocabulary import values
from fedi.activitypub.vocabulary.claims import Claim, Hinted, Undone
from fedi.activitypub.vocabulary.values import Document

_LIKES = frozenset({"Like", "EmojiReact"})


def hinted(named: Any, actor: str, *, changed: bool = False) -> tuple[Claim, ...]:
    """Return the hint that an actor gives by naming something of its own origin."""
    uri = values.id_of(named)
    return (Hinted(uri=uri, changed=changed),) if values.same_origin(uri, actor) else ()


def relayed(activity: Document) -> tuple[Claim, ...]:
    """Return what an announced activity of somebody else comes to.

    A comment is fetched and not boosted, which nobody wants to read. What changed or is deleted is looked at again; and
    whoever announces a deletion no longer boosts what was deleted, be it by its author or by a moderator.
    """
    kinds = values.types(activity)
    if "Undo" in kinds:
        restored = _restored(activity)
        return (Hinted(uri=restored, changed=True),) if restored else ()
    concerned = values.id_of(activity.get("object"))
    if not concerned:
        return ()
    if not _LIKES.isdisjoint(kinds):
        like = values.uri(activity.get("id"))
        return (Hinted(uri=like, about=concerned),) if like else ()
    if "Create" in kinds:
        return (Hinted(uri=concerned),)
    if "Update" in kinds:
        return (Hinted(uri=concerned, changed=True),)
    if "Delete" in kinds:
        return (Undone(object="", kind="Announce", target=concerned), Hinted(uri=concerned, changed=True))
    return ()


def _restored(undo: Document) -> str:
    """Lemmy's authors and moderators undo a Delete."""
    undone = values.first(undo.get("object"))
    if not isinstance(undone, dict) or "Delete" not in values.types(undone):
        return ""
    return values.id_of(undone.get("object"))
