"""Trends (https://docs.joinmastodon.org/methods/trends/). Nothing is counted as one yet."""

from fedi.api.request import ApiRequest, Reply
from fedi.api.routing import route

DEPRECATED_AT = 1648598400
"""2022-03-30, when Mastodon 3.5 brought trends of several kinds."""


@route("GET", "/api/v1/trends", scope=None, auth="public")
async def get_trends(request: ApiRequest) -> Reply:
    """Hashtags, under their old address."""
    return Reply(body=[], headers={"Deprecation": f"@{DEPRECATED_AT}"})


@route("GET", "/api/v1/trends/tags", scope=None, auth="public")
async def get_trending_tags(request: ApiRequest) -> list[object]:
    """Hashtags that many use lately."""
    return []


@route("GET", "/api/v1/trends/statuses", scope=None, auth="public")
async def get_trending_statuses(request: ApiRequest) -> list[object]:
    """Posts that many like and boost lately."""
    return []


@route("GET", "/api/v1/trends/links", scope=None, auth="public")
async def get_trending_links(request: ApiRequest) -> list[object]:
    """Pages that many link to lately."""
    return []
