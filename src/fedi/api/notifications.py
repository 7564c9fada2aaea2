"""Notifications, one by one (https://docs.joinmastodon.org/methods/notifications/)."""

from collections.abc import Sequence

import msgspec

from fedi.api.entities.notifications import Count, Notification, notification
from fedi.api.pagination import Page, paged
from fedi.api.reading import marked, page_of, reading
from fedi.api.request import ApiRequest, Reply
from fedi.api.routing import route
from fedi.errors import NotFoundError
from fedi.registry.rows import Connection
from fedi.views import accounts, notifications, statuses
from fedi.views.notifications import Wanted

NOTIFICATIONS = (40, 80)
UNREAD = (100, 1000)
"""Default and most that unread notifications are counted to."""


class One(msgspec.Struct, frozen=True, kw_only=True):
    id: int


class Some(Page, frozen=True, kw_only=True):
    types: tuple[str, ...] = ()
    exclude_types: tuple[str, ...] = ()
    account_id: int | None = None
    include_filtered: bool = False


def wanted(params: Some) -> Wanted:
    """Return what the view is asked for."""
    return Wanted(
        types=params.types,
        exclude_types=params.exclude_types,
        from_account_id=params.account_id,
        include_filtered=params.include_filtered,
    )


@route("GET", "/api/v1/notifications", scope="read:notifications", auth="user", of_views=True)
async def get_notifications(request: ApiRequest, params: Some) -> Reply:
    """What the asker was told, the latest first."""
    page = page_of(params, NOTIFICATIONS)
    async with reading(request) as connection:
        found = await notifications.of_account(connection, request.account_id, page, wanted(params))
        body = await shown(request, connection, found)
    return paged(request, body, [each.id for each in found], page.limit)


@route("GET", "/api/v1/notifications/unread_count", scope="read:notifications", auth="user")
async def count_unread(request: ApiRequest, params: Some) -> Count:
    """How many notifications are newer than the asker's marker."""
    async with reading(request) as connection:
        count = await notifications.unread(connection, request.account_id, params.size(UNREAD), wanted(params))
    return Count(count=count)


@route("GET", "/api/v1/notifications/:id", scope="read:notifications", auth="user", of_views=True)
async def get_notification(request: ApiRequest, params: One) -> Notification:
    """One notification."""
    async with reading(request) as connection:
        found = await notifications.one(connection, params.id, request.account_id)
        body = await shown(request, connection, [found]) if found is not None else []
    if not body:
        raise NotFoundError
    return body[0]


async def shown(
    request: ApiRequest, connection: Connection, found: Sequence[notifications.Notification]
) -> list[Notification]:
    """Return notifications with whom and what they are about, in four queries at most."""
    people = await accounts.load(connection, notifications.people(found))
    ids = list(dict.fromkeys(each.status_id for each in found if each.status_id is not None))
    loaded = await marked(request, connection, await statuses.load(connection, ids, request.reader_id))
    posts = {each.row.id: each for each in loaded}
    return [
        notification(each, people, posts.get(each.status_id or 0), request.deps.site)
        for each in found
        if each.from_account_id in people
    ]
