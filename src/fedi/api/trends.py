"""What many talk about lately (https://docs.joinmastodon.org/methods/trends/).

Nothing is shown before somebody has looked at it, unless the operator wants it so (`FEDI_TRENDABLE_BY_DEFAULT`).
"""

import msgspec

from fedi.api.entities.cards import TrendsLink, trends_link
from fedi.api.pagination import paged_by_offset
from fedi.api.reading import reading
from fedi.api.request import ApiRequest, Reply
from fedi.api.routing import route
from fedi.api.tags import described
from fedi.views import accounts, trends

DEPRECATED_AT = 1648598400
"""2022-03-30, when Mastodon 3.5 brought trends of several kinds."""
FEW, MANY = (10, 20), (20, 40)
"""Default and most of what is given of hashtags and links, and of posts."""
FURTHEST = 100_000


class Part(msgspec.Struct, frozen=True, kw_only=True):
    limit: int | None = None
    offset: int = 0

    def bounds(self, sizes: tuple[int, int]) -> tuple[int, int]:
        """Return how much is asked for, and after how much, within what there may be."""
        default, most = sizes
        limit = default if self.limit is None else min(abs(self.limit), most)
        return limit, min(max(self.offset, 0), FURTHEST)


@route("GET", "/api/v1/trends", scope=None, auth="public-or-user", of_views=True)
async def get_trends(request: ApiRequest, params: Part) -> Reply:
    """Hashtags that many use lately, under their old address."""
    reply = await _tags(request, params)
    return msgspec.structs.replace(reply, headers={**reply.headers, "Deprecation": f"@{DEPRECATED_AT}"})


@route("GET", "/api/v1/trends/tags", scope=None, auth="public-or-user", of_views=True)
async def get_trending_tags(request: ApiRequest, params: Part) -> Reply:
    """Hashtags that many use lately."""
    return await _tags(request, params)


@route("GET", "/api/v1/trends/statuses", scope=None, auth="public-or-user", of_views=True)
async def get_trending_statuses(request: ApiRequest, params: Part) -> Reply:
    """Posts that many like and boost lately."""
    limit, offset = params.bounds(MANY)
    body: list[msgspec.Raw] = []
    async with reading(request) as connection:
        if request.deps.settings.trendable_by_default:
            ids = await trends.statuses(connection, request.reader_id, limit=limit, offset=offset)
            body = await request.deps.fragments.render(connection, ids, request.reader_id)
    return paged_by_offset(request, body, len(body), size=limit, offset=offset)


@route("GET", "/api/v1/trends/links", scope=None, auth="public-or-user", of_views=True)
async def get_trending_links(request: ApiRequest, params: Part) -> Reply:
    """Pages that many link to lately."""
    limit, offset = params.bounds(FEW)
    body: list[TrendsLink] = []
    async with reading(request) as connection:
        if request.deps.settings.trendable_by_default:
            found = await trends.links(connection, limit=limit, offset=offset)
            authors = await accounts.load(connection, {each.author_id for each in found if each.author_id is not None})
            days = await trends.link_history(connection, [each.url for each in found], request.deps.clock())
            body = [
                trends_link(each, authors.get(each.author_id or 0), days[each.url], request.deps.site) for each in found
            ]
    return paged_by_offset(request, body, len(body), size=limit, offset=offset)


async def _tags(request: ApiRequest, params: Part) -> Reply:
    limit, offset = params.bounds(FEW)
    names: list[str] = []
    async with reading(request) as connection:
        if request.deps.settings.trendable_by_default:
            names = await trends.tags(connection, limit=limit, offset=offset)
        body = await described(request, connection, names)
    return paged_by_offset(request, body, len(body), size=limit, offset=offset)
