"""Letting strangers' notifications through, or throwing them away."""

from collections.abc import Awaitable, Callable, Sequence

import msgspec

from fedi.api.acting import acting, caught_up
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.commands.context import Context
from fedi.commands.notification_policies import accept_requests, dismiss_requests
from fedi.views.targets import AccountRef

Decide = Callable[[Context, AccountRef, Sequence[int]], Awaitable[int | None]]
"""A command that decides about the requests of some senders."""


class OneRequest(msgspec.Struct, frozen=True, kw_only=True):
    id: int


class SomeRequests(msgspec.Struct, frozen=True, kw_only=True):
    id: list[int] = []


@route("POST", "/api/v1/notifications/requests/:id/accept", scope="write:notifications", auth="user")
async def accept(request: ApiRequest, params: OneRequest) -> dict[str, str]:
    """Let one sender through."""
    return await _decide(request, accept_requests, [params.id])


@route("POST", "/api/v1/notifications/requests/accept", scope="write:notifications", auth="user")
async def accept_some(request: ApiRequest, params: SomeRequests) -> dict[str, str]:
    """Let some senders through."""
    return await _decide(request, accept_requests, params.id)


@route("POST", "/api/v1/notifications/requests/:id/dismiss", scope="write:notifications", auth="user")
async def dismiss(request: ApiRequest, params: OneRequest) -> dict[str, str]:
    """Throw away what one sender caused."""
    return await _decide(request, dismiss_requests, [params.id])


@route("POST", "/api/v1/notifications/requests/dismiss", scope="write:notifications", auth="user")
async def dismiss_some(request: ApiRequest, params: SomeRequests) -> dict[str, str]:
    """Throw away what some senders caused."""
    return await _decide(request, dismiss_requests, params.id)


async def _decide(request: ApiRequest, decide: Decide, senders: Sequence[int]) -> dict[str, str]:
    reader = await acting(request)
    await caught_up(request, await decide(request.deps.commands, reader, senders))
    return {}
