"""Being done with notifications."""

import msgspec

from fedi.api.acting import acting, caught_up
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.commands import notifications


class OneNotification(msgspec.Struct, frozen=True, kw_only=True):
    id: int


class OneGroup(msgspec.Struct, frozen=True, kw_only=True):
    group_key: str


@route(
    "POST",
    "/api/v1/notifications/clear",
    "/api/v2/notifications/clear",
    scope="write:notifications",
    auth="user",
)
async def clear(request: ApiRequest) -> dict[str, str]:
    """Dismiss all notifications."""
    await caught_up(request, await notifications.clear_notifications(request.deps.commands, await acting(request)))
    return {}


@route(
    "POST",
    "/api/v1/notifications/:id/dismiss",
    "/api/v1/notifications/dismiss",
    scope="write:notifications",
    auth="user",
)
async def dismiss(request: ApiRequest, params: OneNotification) -> dict[str, str]:
    """Dismiss one notification."""
    author = await acting(request)
    await caught_up(request, await notifications.dismiss_notification(request.deps.commands, author, params.id))
    return {}


@route(
    "POST",
    "/api/v2/notifications/:group_key/dismiss",
    "/api/v2_alpha/notifications/:group_key/dismiss",
    scope="write:notifications",
    auth="user",
)
async def dismiss_group(request: ApiRequest, params: OneGroup) -> dict[str, str]:
    """Dismiss a group of notifications."""
    author = await acting(request)
    await caught_up(request, await notifications.dismiss_group(request.deps.commands, author, params.group_key))
    return {}
