"""Posts that wait for their time (https://docs.joinmastodon.org/methods/scheduled_statuses/)."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from fedi.api.acting import acting, caught_up
from fedi.api.entities.media import media_attachments
from fedi.api.entities.scheduled import ScheduledStatus, scheduled_status
from fedi.api.pagination import STATUSES, Page, paged
from fedi.api.reading import page_of, reading
from fedi.api.request import ApiRequest, Reply
from fedi.api.routing import route
from fedi.commands import scheduled as commands
from fedi.commands.attachments import attachment
from fedi.errors import ClientError, NotFoundError
from fedi.registry import media
from fedi.registry.rows import Connection
from fedi.views import scheduled_statuses
from fedi.views.scheduled_statuses import Scheduled


class OneScheduled(msgspec.Struct, frozen=True, kw_only=True):
    id: int


class Moved(OneScheduled, frozen=True, kw_only=True):
    scheduled_at: str = ""


@route("GET", "/api/v1/scheduled_statuses", scope="read:statuses", auth="user")
async def get_scheduled(request: ApiRequest, params: Page) -> Reply:
    """What the asker has planned."""
    page = page_of(params, STATUSES)
    async with reading(request) as connection:
        found = await scheduled_statuses.of_account(connection, request.account_id, page)
        body = await _shown(request, connection, found)
    return paged(request, body, [each.id for each in found], page.limit)


@route("GET", "/api/v1/scheduled_statuses/:id", scope="read:statuses", auth="user")
async def get_one_scheduled(request: ApiRequest, params: OneScheduled) -> ScheduledStatus:
    """One planned post."""
    async with reading(request) as connection:
        found = await scheduled_statuses.one(connection, params.id, request.account_id)
    if found is None:
        raise NotFoundError
    return await planned_status(request, found)


@route(("PUT", "PATCH"), "/api/v1/scheduled_statuses/:id", scope="write:statuses", auth="user")
async def reschedule(request: ApiRequest, params: Moved) -> ScheduledStatus:
    """Publish a planned post at another time."""
    author = await acting(request)
    at = moment_of(params.scheduled_at)
    if at is None:
        return await planned_status(request, await commands.own(request.deps.commands, author, params.id))
    planned = await commands.reschedule(request.deps.commands, author, params.id, at)
    await caught_up(request, planned.position)
    return await planned_status(request, planned.scheduled)


@route("DELETE", "/api/v1/scheduled_statuses/:id", scope="write:statuses", auth="user")
async def unschedule(request: ApiRequest, params: OneScheduled) -> dict[str, str]:
    """Take a planned post back."""
    await caught_up(request, await commands.unschedule(request.deps.commands, await acting(request), params.id))
    return {}


def moment_of(given: str | None) -> datetime | None:
    """Return an ISO 8601 time; without an offset it is UTC. Raises ClientError for what is no time."""
    if not given or not given.strip():
        return None
    try:
        moment = datetime.fromisoformat(given.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ClientError("Record invalid") from None


async def planned_status(request: ApiRequest, found: Scheduled) -> ScheduledStatus:
    """Return a planned post with its media."""
    async with request.deps.pool.connection() as connection:
        return (await _shown(request, connection, [found]))[0]


async def _shown(request: ApiRequest, connection: Connection, found: Sequence[Scheduled]) -> list[ScheduledStatus]:
    ids = [media_id for each in found for media_id in each.status.media_ids]
    uploads = list((await media.by_ids(connection, ids)).values()) if ids else []
    attachments = [attachment(each, request.deps.commands.storage) for each in uploads]
    entities = zip(uploads, media_attachments(attachments, request.deps.site, 0), strict=True)
    shown = {upload.id: entity for upload, entity in entities}
    return [scheduled_status(each, shown) for each in found]
