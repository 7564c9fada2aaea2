"""A push subscription as clients see it."""

import msgspec

from fedi.registry.push import PushPolicy, Subscription

ALERTS = (
    "mention",
    "quote",
    "status",
    "reblog",
    "follow",
    "follow_request",
    "favourite",
    "poll",
    "update",
    "quoted_update",
    "added_to_collection",
    "collection_update",
    "moderation_warning",
    "severed_relationships",
    "annual_report",
    "admin.sign_up",
    "admin.report",
)


class WebPushSubscription(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is a number, unlike every other id: so it is in Mastodon."""

    id: int
    endpoint: str
    standard: bool
    alerts: dict[str, bool]
    server_key: str
    policy: PushPolicy


def subscription(found: Subscription, server_key: str) -> WebPushSubscription:
    """Return a subscription; of every kind it is told whether it is pushed."""
    return WebPushSubscription(
        id=found.id,
        endpoint=found.endpoint,
        standard=found.standard,
        alerts={kind: kind in found.alerts for kind in ALERTS},
        server_key=server_key,
        policy=found.policy,
    )
