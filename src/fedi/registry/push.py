"""Who wants notifications pushed.

`unsubscribe` gives the name by which a subscription can be ended without its token: only who holds the server's secret
could make one up.
"""

from collections.abc import Collection
from typing import Literal

import msgspec

from fedi.registry.rows import Connection, change, one
from fedi.registry.secrets import derive, new_seed
from fedi.sql import queries

_SQL = queries(__file__)

PushPolicy = Literal["all", "followed", "follower", "none"]
"""Whose notifications are pushed: everybody's, those of whom one follows, of one's followers, nobody's."""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What a subscription is made of."""

    endpoint: str
    p256dh: str
    auth: str
    standard: bool
    alerts: tuple[str, ...]
    policy: PushPolicy


class Subscription(Wish, frozen=True, kw_only=True):
    """Where notifications of the kinds in `alerts` are pushed for the holder of a token."""

    id: int
    token_id: int
    user_id: int
    seed: bytes


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """A subscription with what is pushed to it besides the notification."""

    subscription: Subscription
    token_seed: bytes
    locale: str | None


async def subscribe(connection: Connection, *, token_id: int, user_id: int, wish: Wish) -> Subscription:
    """Store the one subscription of a token, in place of the one it had."""
    values = {**msgspec.structs.asdict(wish), "alerts": list(wish.alerts), "token_id": token_id, "user_id": user_id}
    made = await one(connection, _SQL["subscribe"], {**values, "seed": new_seed()}, Subscription)
    assert made is not None
    return made


async def of_token(connection: Connection, token_id: int) -> Subscription | None:
    """Return the subscription of a token."""
    return await one(connection, _SQL["of_token"], {"token_id": token_id}, Subscription)


async def choose(
    connection: Connection, *, token_id: int, alerts: Collection[str], policy: PushPolicy
) -> Subscription | None:
    """Change what is pushed; None if the token has no subscription."""
    values = {"token_id": token_id, "alerts": list(alerts), "policy": policy}
    return await one(connection, _SQL["choose"], values, Subscription)


async def end(connection: Connection, subscription_id: int) -> None:
    """Forget a subscription."""
    await change(connection, _SQL["end"], {"id": subscription_id})


async def end_of_token(connection: Connection, token_id: int) -> None:
    """Forget the subscription of a token, if it has one."""
    await change(connection, _SQL["end_of_token"], {"token_id": token_id})


def unsubscribe(key: str, subscription: Subscription) -> str:
    """Return the name by which a subscription can be ended without its token; `key` is the server's secret."""
    return f"{subscription.id}--{derive(key, 'unsubscribe', subscription.seed)}"


async def by_unsubscribe(connection: Connection, key: str, name: str) -> Subscription | None:
    """Return the subscription of such a name."""
    number, _, _ = name.partition("--")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    found = await one(connection, _SQL["by_id"], {"id": int(number)}, Subscription)
    return found if found is not None and unsubscribe(key, found) == name else None


async def holder(connection: Connection, subscription_id: int) -> Holder | None:
    """Return a subscription whose token still lets its holder do anything."""
    found = await one(connection, _SQL["by_id"], {"id": subscription_id}, Subscription)
    behind = await one(connection, _SQL["behind"], {"id": subscription_id}, _Behind)
    if found is None or behind is None:
        return None
    return Holder(subscription=found, token_seed=behind.seed, locale=behind.locale)


class _Behind(msgspec.Struct, frozen=True):
    seed: bytes
    locale: str | None
