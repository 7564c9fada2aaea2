"""Remove: a post is no longer pinned, or a hashtag no longer shown."""

from fedi.activitypub.vocabulary.claims import Claim
from fedi.activitypub.vocabulary.pins import read_pin
from fedi.activitypub.vocabulary.values import Document

TYPE = "Remove"


def read(activity: Document) -> tuple[Claim, ...]:
    """See `read_pin`."""
    return read_pin(activity, pinned=False)
