"""A Question as a poll, and the Notes that vote in it. Options and tallies are limited (S-065, S-142)."""

from datetime import UTC, datetime

from fedi.activitypub.vocabulary import values
from fedi.activitypub.vocabulary.values import Document
from fedi.descriptions import Poll, PollOption

MAX_OPTIONS = 20
MAX_TITLE = 500
_VOTES = frozenset({"Note", "Answer"})


def read_poll(document: Document) -> Poll | None:
    """Return the poll that a Question holds, or None where it has no options."""
    multiple = bool(values.members(document.get("anyOf")))
    options = tuple(
        PollOption(title=title, votes=values.total(option.get("replies")) or 0)
        for option in list(values.objects(document.get("anyOf" if multiple else "oneOf")))[:MAX_OPTIONS]
        if (title := values.plain(values.natural(option, "name", MAX_TITLE), MAX_TITLE))
    )
    if not options:
        return None
    return Poll(
        options=options,
        multiple=multiple,
        expires_at=values.moment(document.get("endTime")),
        closed_at=_closed(document),
        voters_count=_voters(document),
    )


def is_vote(document: Document) -> bool:
    """Tell whether a Note, or Pleroma's Answer, is a vote: it has a name, answers something, and says nothing else."""
    return (
        isinstance(document.get("name"), str)
        and bool(document["name"])
        and not _VOTES.isdisjoint(values.types(document))
        and bool(values.id_of(document.get("inReplyTo")))
        and not values.natural(document, "content", 1)
    )


def _voters(document: Document) -> int | None:
    """Return how many voted; Pleroma lists them."""
    counted = values.count(document.get("votersCount"))
    listed = document.get("voters")
    return len(listed) if counted is None and isinstance(listed, list) else counted


def _closed(document: Document) -> datetime | None:
    """`closed` is a time, or a mere yes: then the poll closed at the latest time that the document knows."""
    closed = document.get("closed")
    if closed is None or closed is False:
        return None
    known = (
        values.moment(closed),
        *(values.moment(document.get(name)) for name in ("endTime", "updated", "published")),
    )
    return next((moment for moment in known if moment), datetime(1970, 1, 1, tzinfo=UTC))
