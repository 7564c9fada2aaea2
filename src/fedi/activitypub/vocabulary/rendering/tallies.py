"""How a poll stands, written into the document of its post: Mastodon's options have a collection of votes each."""

from collections.abc import Sequence
from datetime import datetime

from fedi.activitypub.vocabulary.rendering.contexts import Json, timestamp


def tallied(document: Json, votes: Sequence[int], voters: int | None, closed: datetime | None) -> Json:
    """Return a Question as `notes.note` makes it with the numbers of its options, of its voters, and when it ended."""
    kind = "anyOf" if "anyOf" in document else "oneOf"
    options = [
        {**option, "replies": {"type": "Collection", "totalItems": count}}
        for option, count in zip(document.get(kind, ()), votes, strict=False)
    ]
    counted = {**document, kind: options}
    if voters is not None:
        counted["votersCount"] = voters
    if closed is not None:
        counted["closed"] = timestamp(closed)
    return counted
