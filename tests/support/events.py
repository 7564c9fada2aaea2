"""Drafts for tests that do not care what is said."""

from uuid import UUID, uuid4

from fedi.events.statuses import StatusBookmarked
from fedi.log.drafts import Draft


def draft(status_id: int = 1, *, cause: int | None = None, identity: UUID | None = None) -> Draft:
    """Return a draft of a bookmark, under an identity of its own if none is given."""
    return Draft(identity=identity or uuid4(), event=StatusBookmarked(account_id=1, status_id=status_id), cause=cause)
