"""Letting strangers' notifications through, or throwing them away."""

import msgspec

from fedi.api.acting import acting, caught_up
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.commands.notification_policies import accept_requests, dismiss_requests


class OneRequest(msgspec.Struct, frozen=True, kw_only=True):
    id: int


class SomeRequests(msgspec.Struct, frozen=True, kw_only=True):
    id: list[int] = []


@route("POST", "/api/v1/notifications/requests/:id/accept", scope="write:notifications", auth="user")
async def accept(request: ApiRequest, params: OneRequest) -> dict[str, str]:
    """Let one sender through."""
    return await accept_some(request, SomeRequests(id=[params.id]))  # type: ignore[no-any-return]


@route("POST", "/api/v1/notifications/requests/accept", scope="write:notifications", auth="user")
async def accept_some(request: ApiRequest, params: SomeRequests) -> dict[str, str]:
    """Let some senders through."""
    reader = await acting(request)
    await caught_up(request, await accept_requests(request.deps.commands, reader, params.id))
    return {}


@route("POST", "/api/v1/notifications/requests/:id/dismiss", scope="write:notifications", auth="user")
async def dismiss(request: ApiRequest, params: OneRequest) -> dict[str, str]:
    """Throw away what one sender caused."""
    return await dismiss_some(request, SomeRequests(id=[params.id]))  # type: ignore[no-any-return]


@route("POST", "/api/v1/notifications/requests/dismiss", scope="write:notifications", auth="user")
async def dismiss_some(request: ApiRequest, params: SomeRequests) -> dict[str, str]:
    """Throw away what some senders caused."""
    reader = await acting(request)
    await caught_up(request, await dismiss_requests(request.deps.commands, reader, params.id))
    return {}
