"""Like: a favourite. Misskey's reactions are Likes with an emoji."""

from fedi.activitypub.vocabulary import values
from fedi.activitypub.vocabulary.authority import object_required
from fedi.activitypub.vocabulary.claims import Claim, Favourited
from fedi.activitypub.vocabulary.reactions import emoji_of
from fedi.activitypub.vocabulary.values import Document

TYPE = "Like"


def read(activity: Document) -> tuple[Claim, ...]:
    """Anybody may like anything that they can see."""
    liked = object_required(activity)
    return (Favourited(uri=values.uri(activity.get("id")), object=liked, emoji=emoji_of(activity)),)
