"""EmojiReact (FEP-c0e0): Pleroma's reactions, counted as favourites with an emoji."""

from fedi.activitypub.vocabulary import values
from fedi.activitypub.vocabulary.authority import object_required
from fedi.activitypub.vocabulary.claims import Claim, Favourited
from fedi.activitypub.vocabulary.reactions import emoji_of
from fedi.activitypub.vocabulary.values import Document

TYPE = "EmojiReact"


def read(activity: Document) -> tuple[Claim, ...]:
    """A reaction without an emoji is none."""
    reacted_to = object_required(activity)
    emoji = emoji_of(activity)
    return (Favourited(uri=values.uri(activity.get("id")), object=reacted_to, emoji=emoji),) if emoji else ()
