"""Posts that wait for their time, as clients see them."""

from collections.abc import Mapping
from typing import Any

import msgspec

from fedi.api.encoding import timestamp
from fedi.api.entities.media import MediaAttachment
from fedi.views.scheduled_statuses import Scheduled


class ScheduledStatus(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    scheduled_at: str
    params: dict[str, Any]
    media_attachments: list[MediaAttachment]


def scheduled_status(found: Scheduled, media: Mapping[int, MediaAttachment]) -> ScheduledStatus:
    """Return a planned post with what was asked for; `media` are its uploads by id."""
    status = found.status
    poll = status.poll
    return ScheduledStatus(
        id=str(found.id),
        scheduled_at=timestamp(found.scheduled_at),
        params={
            "text": status.text,
            "poll": None if poll is None else {**msgspec.structs.asdict(poll), "expires_in": str(poll.expires_in)},
            "media_ids": [str(each) for each in status.media_ids] or None,
            "sensitive": status.sensitive,
            "spoiler_text": status.spoiler_text or None,
            "visibility": status.visibility,
            "language": status.language,
            "in_reply_to_id": status.in_reply_to_id,
            "quoted_status_id": None if status.quoted_status_id is None else str(status.quoted_status_id),
            **({} if status.quote_policy is None else {"quote_approval_policy": status.quote_policy}),
            "application_id": None,
            "scheduled_at": None,
            "idempotency": None,
            "with_rate_limit": False,
        },
        media_attachments=[media[each] for each in status.media_ids if each in media],
    )
