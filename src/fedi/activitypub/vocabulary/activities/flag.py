"""Flag: a report of accounts and posts. Mastodon sends it from the actor of its instance, to spare who reported."""

from fedi.activitypub.vocabulary import values
from fedi.activitypub.vocabulary.authority import id_required
from fedi.activitypub.vocabulary.claims import Claim, Reported
from fedi.activitypub.vocabulary.values import Document

TYPE = "Flag"
MOST_OBJECTS = 100
MOST_WORDS = 5000
"""Characters of a comment; Mastodon's own have 1,000, others may be more eloquent."""


def read(activity: Document) -> tuple[Claim, ...]:
    """Anybody may report anything; whether it is known here turns out where it is resolved."""
    uri = id_required(activity)
    objects = values.ids_of(activity.get("object"), MOST_OBJECTS)
    if not objects:
        return ()
    return (Reported(uri=uri, objects=objects, comment=values.text(activity.get("content"), MOST_WORDS)),)
