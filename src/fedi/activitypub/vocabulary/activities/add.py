"""Add: a post is pinned, or a hashtag shown on a profile."""

from fedi.activitypub.vocabulary.claims import Claim
from fedi.activitypub.vocabulary.pins import read_pin
from fedi.activitypub.vocabulary.values import Document

TYPE = "Add"


def read(activity: Document) -> tuple[Claim, ...]:
    """See `read_pin`."""
    return read_pin(activity, pinned=True)
