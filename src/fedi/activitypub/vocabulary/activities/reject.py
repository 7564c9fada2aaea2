"""Reject: the followed says no, or no longer."""

from fedi.activitypub.vocabulary.answers import read_answer
from fedi.activitypub.vocabulary.claims import Claim
from fedi.activitypub.vocabulary.values import Document

TYPE = "Reject"


def read(activity: Document) -> tuple[Claim, ...]:
    """See `read_answer`."""
    return read_answer(activity, accepted=False)
