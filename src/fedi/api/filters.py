"""Filters (https://docs.joinmastodon.org/methods/filters/). Nobody can make any yet."""

from fedi.api.request import ApiRequest, Reply
from fedi.api.routing import route

V1_DEPRECATED_AT = 1668384000
"""2022-11-14, when Mastodon 4.0 brought the second version."""


@route("GET", "/api/v2/filters", scope="read:filters", auth="user")
async def get_filters(request: ApiRequest) -> list[object]:
    """The asker's filters."""
    return []


@route("GET", "/api/v1/filters", scope="read:filters", auth="user")
async def get_v1_filters(request: ApiRequest) -> Reply:
    """The asker's filters in their first form."""
    return Reply(body=[], headers={"Deprecation": f"@{V1_DEPRECATED_AT}"})
