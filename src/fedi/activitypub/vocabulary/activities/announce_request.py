"""AnnounceRequest: the actor asks somebody whether it may boost a post of theirs (GoToSocial)."""

from fedi.activitypub.vocabulary.claims import Claim
from fedi.activitypub.vocabulary.interaction_requests import read_request
from fedi.activitypub.vocabulary.values import Document

TYPE = "AnnounceRequest"


def read(activity: Document) -> tuple[Claim, ...]:
    """What is asked for is not done yet."""
    return read_request(activity, "boost")
