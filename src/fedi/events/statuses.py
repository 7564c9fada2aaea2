"""Private acts on statuses."""

from fedi.events.catalogue import Event, event


@event("status.bookmarked")
class StatusBookmarked(Event, frozen=True, kw_only=True):
    account_id: int
    status_id: int


@event("status.unbookmarked")
class StatusUnbookmarked(Event, frozen=True, kw_only=True):
    account_id: int
    status_id: int
