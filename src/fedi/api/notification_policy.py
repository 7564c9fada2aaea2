"""Which notifications somebody lets through (https://docs.joinmastodon.org/methods/notifications/#get-policy).

Nobody can change it yet, so everything is accepted and no requests wait.
"""

from typing import Any

from fedi.api.request import ApiRequest
from fedi.api.routing import route

_SUMMARY = {"pending_requests_count": 0, "pending_notifications_count": 0}
_KINDS = ("not_following", "not_followers", "new_accounts", "private_mentions", "limited_accounts", "bots")


@route("GET", "/api/v2/notifications/policy", scope="read:notifications", auth="user")
async def get_policy(request: ApiRequest) -> dict[str, Any]:
    """What happens to notifications of each kind."""
    return {**{f"for_{kind}": "accept" for kind in _KINDS}, "summary": _SUMMARY}


@route("GET", "/api/v1/notifications/policy", scope="read:notifications", auth="user")
async def get_v1_policy(request: ApiRequest) -> dict[str, Any]:
    """The same as yes and no."""
    return {**{f"filter_{kind}": False for kind in _KINDS if kind != "limited_accounts"}, "summary": _SUMMARY}


@route("GET", "/api/v1/notifications/requests", scope="read:notifications", auth="user")
async def get_requests(request: ApiRequest) -> list[object]:
    """Whose notifications wait for the asker's consent."""
    return []
