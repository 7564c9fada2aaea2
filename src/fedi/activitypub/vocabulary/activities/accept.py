"""Accept: the followed says yes."""

from fedi.activitypub.vocabulary.answers import read_answer
from fedi.activitypub.vocabulary.claims import Claim
from fedi.activitypub.vocabulary.values import Document

TYPE = "Accept"


def read(activity: Document) -> tuple[Claim, ...]:
    """See `read_answer`."""
    return read_answer(activity, accepted=True)
