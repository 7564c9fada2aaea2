"""Which notifications somebody lets through (https://docs.joinmastodon.org/methods/notifications/#get-policy)."""

import msgspec

from fedi.api.acting import acting, caught_up
from fedi.api.entities.notification_requests import NotificationPolicy, V1NotificationPolicy, policy, v1_policy
from fedi.api.reading import reading
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.commands.notification_policies import choose_policy
from fedi.events.notifications import Policy, Treatment
from fedi.views import notification_requests


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    for_not_following: Treatment | None = None
    for_not_followers: Treatment | None = None
    for_new_accounts: Treatment | None = None
    for_private_mentions: Treatment | None = None
    for_limited_accounts: Treatment | None = None
    for_bots: Treatment | None = None


class V1Wishes(msgspec.Struct, frozen=True, kw_only=True):
    filter_not_following: bool | None = None
    filter_not_followers: bool | None = None
    filter_new_accounts: bool | None = None
    filter_private_mentions: bool | None = None
    filter_bots: bool | None = None


@route("GET", "/api/v2/notifications/policy", scope="read:notifications", auth="user", of_views=True)
async def get_policy(request: ApiRequest) -> NotificationPolicy:
    """What happens to notifications of each kind."""
    async with reading(request) as connection:
        found = await notification_requests.policy(connection, request.account_id)
        return policy(found, await notification_requests.summary(connection, request.account_id))


@route("GET", "/api/v1/notifications/policy", scope="read:notifications", auth="user", of_views=True)
async def get_v1_policy(request: ApiRequest) -> V1NotificationPolicy:
    """The same as yes and no."""
    async with reading(request) as connection:
        found = await notification_requests.policy(connection, request.account_id)
        return v1_policy(found, await notification_requests.summary(connection, request.account_id))


@route(("PUT", "PATCH"), "/api/v2/notifications/policy", scope="write:notifications", auth="user")
async def set_policy(request: ApiRequest, params: Wishes) -> NotificationPolicy:
    """Choose what happens to notifications of some kinds from now on."""
    wished = msgspec.structs.asdict(params).items()
    chosen = await _choose(request, {name.removeprefix("for_"): wish for name, wish in wished if wish is not None})
    async with reading(request) as connection:
        return policy(chosen, await notification_requests.summary(connection, request.account_id))


@route(("PUT", "PATCH"), "/api/v1/notifications/policy", scope="write:notifications", auth="user")
async def set_v1_policy(request: ApiRequest, params: V1Wishes) -> V1NotificationPolicy:
    """Choose by yes and no."""
    wished: dict[str, Treatment] = {
        name.removeprefix("filter_"): "filter" if wish else "accept"
        for name, wish in msgspec.structs.asdict(params).items()
        if wish is not None
    }
    chosen = await _choose(request, wished)
    async with reading(request) as connection:
        return v1_policy(chosen, await notification_requests.summary(connection, request.account_id))


async def _choose(request: ApiRequest, wished: dict[str, Treatment]) -> Policy:
    """Change what is wished, and return the whole policy."""
    reader = await acting(request)
    async with request.deps.pool.connection() as connection:
        before = await notification_requests.policy(connection, reader.id)
    chosen = msgspec.structs.replace(before, **wished)
    await caught_up(request, await choose_policy(request.deps.commands, reader, chosen))
    return chosen
