"""Posts that wait for their time, and polls whose time is over."""

from datetime import datetime
from typing import Literal

import msgspec

from fedi.events.catalogue import Event, event


class PlannedPoll(msgspec.Struct, frozen=True, kw_only=True):
    """A poll that will begin with its post; `expires_in` is in seconds from then."""

    options: tuple[str, ...]
    expires_in: int
    multiple: bool = False
    hide_totals: bool = False


class PlannedStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A post as it was written; what its author left open is decided when it is published."""

    text: str
    spoiler_text: str = ""
    sensitive: bool | None = None
    visibility: Literal["public", "unlisted", "private", "direct"] | None = None
    language: str | None = None
    in_reply_to_id: int | None = None
    media_ids: tuple[int, ...] = ()
    poll: PlannedPoll | None = None
    quoted_status_id: int | None = None
    quote_policy: Literal["public", "followers", "nobody"] | None = None
    application: tuple[str, str] | None = None


@event("status.scheduled")
class StatusScheduled(Event, frozen=True, kw_only=True):
    """`account_id` wants a post to be published at `scheduled_at`; `scheduled_id` is not the id of the post to come."""

    scheduled_id: int
    account_id: int
    scheduled_at: datetime
    status: PlannedStatus


@event("status.rescheduled")
class StatusRescheduled(Event, frozen=True, kw_only=True):
    scheduled_id: int
    account_id: int
    scheduled_at: datetime


@event("status.unscheduled")
class StatusUnscheduled(Event, frozen=True, kw_only=True):
    """A planned post is one no longer: its author took it back, or it was published, with this event as one unit."""

    scheduled_id: int
    account_id: int


@event("poll.expired")
class PollExpired(Event, frozen=True, kw_only=True):
    """The time of a poll is over, as it was set. `told` are local accounts that want to know how it ended."""

    status_id: int
    account_id: int
    expires_at: datetime
    told: tuple[int, ...]
