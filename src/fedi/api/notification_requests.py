"""Strangers whose notifications wait for consent (https://docs.joinmastodon.org/methods/notifications/#get-requests)."""

from collections.abc import Sequence

import msgspec

from fedi.api.entities.notification_requests import Merged, NotificationRequest
from fedi.api.entities.notification_requests import request as shown
from fedi.api.pagination import Page, paged
from fedi.api.reading import page_of, reading
from fedi.api.request import ApiRequest, Reply
from fedi.api.routing import route
from fedi.errors import NotFoundError
from fedi.registry.rows import Connection
from fedi.views import accounts, notification_requests, statuses

REQUESTS = (40, 80)
"""Default and most of what a page may hold."""


class One(msgspec.Struct, frozen=True, kw_only=True):
    id: int


@route("GET", "/api/v1/notifications/requests", scope="read:notifications", auth="user", of_views=True)
async def get_requests(request: ApiRequest, params: Page) -> Reply:
    """Whose notifications wait for the asker's consent, the one with the latest news first."""
    page = page_of(params, REQUESTS)
    async with reading(request) as connection:
        found = await notification_requests.page(connection, request.account_id, page)
        body = await _shown(request, connection, found)
    return paged(request, body, [each.place for each in found], page.limit)


@route("GET", "/api/v1/notifications/requests/merged", scope="read:notifications", auth="user")
async def are_merged(request: ApiRequest) -> Merged:
    """Whether all that the asker accepted has joined their notifications."""
    return Merged(merged=await request.deps.written.catch_up(request.account_id))


@route("GET", "/api/v1/notifications/requests/:id", scope="read:notifications", auth="user", of_views=True)
async def get_request(request: ApiRequest, params: One) -> NotificationRequest:
    """What waits of one sender."""
    async with reading(request) as connection:
        found = await notification_requests.of_sender(connection, request.account_id, params.id)
        body = await _shown(request, connection, [found]) if found is not None else []
    if not body:
        raise NotFoundError
    return body[0]


async def _shown(
    request: ApiRequest, connection: Connection, found: Sequence[notification_requests.Request]
) -> list[NotificationRequest]:
    people = await accounts.load(connection, {each.id for each in found})
    said = [each.last_status_id for each in found if each.last_status_id is not None]
    posts = {each.row.id: each for each in await statuses.load(connection, said, request.reader_id)}
    return [
        shown(each, people[each.id], posts.get(each.last_status_id or 0), request.deps.site)
        for each in found
        if each.id in people
    ]
