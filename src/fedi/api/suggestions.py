"""Suggestions whom to follow (https://docs.joinmastodon.org/methods/suggestions/). None are made yet."""

from fedi.api.request import ApiRequest, Reply
from fedi.api.routing import route

V1_DEPRECATED_AT = 1621123200
"""2021-05-16, when Mastodon 3.4 brought the second version."""


@route("GET", "/api/v2/suggestions", scope="read:accounts", auth="user")
async def get_suggestions(request: ApiRequest) -> list[object]:
    """Accounts that the asker may want to follow."""
    return []


@route("GET", "/api/v1/suggestions", scope="read:accounts", auth="user")
async def get_v1_suggestions(request: ApiRequest) -> Reply:
    """The same in its first form."""
    return Reply(body=[], headers={"Deprecation": f"@{V1_DEPRECATED_AT}"})
