"""Notifications pushed to a browser or an app (https://docs.joinmastodon.org/methods/push/)."""

from typing import Any

import msgspec

from fedi.activitypub.vocabulary import uris
from fedi.api.entities.push import ALERTS, WebPushSubscription, subscription
from fedi.api.params import TRUE
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.errors import ClientError, NotFoundError
from fedi.registry import push
from fedi.registry.push import PushPolicy, Subscription, Wish
from fedi.registry.push_key import own_key
from fedi.registry.rows import Connection
from fedi.services.push_encryption import BadKeys, receiver


class BadSubscription(ClientError):
    """Validation failed: the subscription is of no use"""


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    p256dh: str
    auth: str


class Place(msgspec.Struct, frozen=True, kw_only=True):
    endpoint: str
    keys: Keys
    standard: bool = False


class Data(msgspec.Struct, frozen=True, kw_only=True):
    alerts: dict[str, Any] = {}
    policy: PushPolicy = "all"

    @property
    def wanted(self) -> tuple[str, ...]:
        """The kinds that are wanted; forms say so in many ways."""
        return tuple(kind for kind in ALERTS if str(self.alerts.get(kind, "")).lower() in TRUE)


class Subscribing(msgspec.Struct, frozen=True, kw_only=True):
    subscription: Place
    data: Data = Data()


class Choosing(msgspec.Struct, frozen=True, kw_only=True):
    data: Data = Data()


class ChoosingOne(Choosing, frozen=True, kw_only=True):
    id: int


class Named(msgspec.Struct, frozen=True, kw_only=True):
    id: str


@route("POST", "/api/v1/push/subscription", "/api/web/push_subscriptions", scope="push", auth="user")
async def subscribe(request: ApiRequest, params: Subscribing) -> WebPushSubscription:
    """Have notifications pushed, in place of the subscription that the token had."""
    _check(request, params.subscription)
    place, viewer = params.subscription, request.viewer
    wish = Wish(
        endpoint=place.endpoint,
        p256dh=place.keys.p256dh,
        auth=place.keys.auth,
        standard=place.standard,
        alerts=params.data.wanted,
        policy=params.data.policy,
    )
    assert viewer is not None
    assert viewer.user_id is not None
    async with request.deps.pool.connection() as connection:
        made = await push.subscribe(connection, token_id=viewer.token_id, user_id=viewer.user_id, wish=wish)
        return await _shown(request, connection, made)


@route("GET", "/api/v1/push/subscription", scope="push", auth="user")
async def get_subscription(request: ApiRequest) -> WebPushSubscription:
    """The subscription of the asker's token."""
    async with request.deps.pool.connection() as connection:
        return await _shown(request, connection, await push.of_token(connection, _token(request)))


@route(("PUT", "PATCH"), "/api/v1/push/subscription", scope="push", auth="user")
async def choose(request: ApiRequest, params: Choosing) -> WebPushSubscription:
    """Choose anew what is pushed."""
    async with request.deps.pool.connection() as connection:
        return await _chosen(request, connection, params)


@route(("PUT", "PATCH"), "/api/web/push_subscriptions/:id", scope="push", auth="user")
async def choose_one(request: ApiRequest, params: ChoosingOne) -> WebPushSubscription:
    """The same for a subscription by its number, which must be that of the asker's token."""
    async with request.deps.pool.connection() as connection:
        found = await push.of_token(connection, _token(request))
        if found is None or found.id != params.id:
            raise NotFoundError
        return await _chosen(request, connection, params)


@route("DELETE", "/api/v1/push/subscription", scope="push", auth="user")
async def unsubscribe(request: ApiRequest) -> dict[str, str]:
    """Have nothing pushed any more."""
    async with request.deps.pool.connection() as connection:
        await push.end_of_token(connection, _token(request))
    return {}


@route("DELETE", "/api/web/push_subscriptions/:id", scope=None, auth="public")
async def unsubscribe_by_name(request: ApiRequest, params: Named) -> dict[str, str]:
    """End the subscription whose secret name came with each push: for who has lost the token."""
    key = request.deps.settings.secret_key_base
    async with request.deps.pool.connection() as connection:
        found = await push.by_unsubscribe(connection, key, params.id)
        if found is None:
            raise NotFoundError
        await push.end(connection, found.id)
    return {}


async def _chosen(request: ApiRequest, connection: Connection, params: Choosing) -> WebPushSubscription:
    data = params.data
    found = await push.choose(connection, token_id=_token(request), alerts=data.wanted, policy=data.policy)
    return await _shown(request, connection, found)


def _token(request: ApiRequest) -> int:
    assert request.viewer is not None
    return request.viewer.token_id


def _check(request: ApiRequest, place: Place) -> None:
    """Refuse what could never be pushed to. Which addresses may be reached is judged when it is connected to."""
    try:
        endpoint = uris.parse(place.endpoint)
        receiver(place.keys.p256dh, place.keys.auth)
    except (uris.InvalidUriError, BadKeys):
        raise BadSubscription from None
    if endpoint.scheme != "https" and request.deps.settings.env != "development":
        raise BadSubscription


async def _shown(request: ApiRequest, connection: Connection, found: Subscription | None) -> WebPushSubscription:
    if found is None:
        raise NotFoundError
    key = await own_key(connection, request.deps.settings.vapid_private_key)
    return subscription(found, key.public)
