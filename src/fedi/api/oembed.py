"""Posts to be shown on other pages (https://docs.joinmastodon.org/methods/oembed/)."""

import re
from html import escape

import msgspec

from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.errors import NotFoundError
from fedi.site import Site
from fedi.views import statuses
from fedi.views.statuses import Status

WIDTH, LEAST_WIDTH = 400, 220
CACHE = 86_400
_PATH = re.compile(r"/@(?P<name>\w{1,100})/(?P<id>[0-9]{1,18})(?:/embed)?/?(?:[?#].*)?", re.ASCII)


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    url: str = ""
    maxwidth: int = WIDTH
    maxheight: int | None = None


class OneStatus(msgspec.Struct, frozen=True, kw_only=True):
    id: int


class OEmbed(msgspec.Struct, frozen=True, kw_only=True):
    """https://oembed.com, §2.3: a `rich` answer."""

    type: str = "rich"
    version: str = "1.0"
    author_name: str
    author_url: str
    provider_name: str
    provider_url: str
    cache_age: int = CACHE
    html: str
    width: int
    height: int | None


@route("GET", "/api/oembed", scope=None, auth="public")
async def get_oembed(request: ApiRequest, params: Wanted) -> OEmbed:
    """How to show a post of this server, that everybody may read, on another page."""
    site = request.deps.site
    path = _PATH.fullmatch(params.url[len(site.base_url) :]) if params.url.startswith(site.base_url) else None
    if path is None:
        raise NotFoundError
    found = await _ours(request, int(path["id"]))
    if found.account.username.lower() != path["name"].lower():
        raise NotFoundError
    return _embedded(found, site, max(LEAST_WIDTH, params.maxwidth), params.maxheight)


@route("GET", "/api/web/embeds/:id", scope=None, auth="public")
async def get_embed(request: ApiRequest, params: OneStatus) -> OEmbed:
    """The same, by the id of the post."""
    return _embedded(await _ours(request, params.id), request.deps.site, WIDTH, None)


async def _ours(request: ApiRequest, status_id: int) -> Status:
    async with request.deps.pool.connection() as connection:
        found = await statuses.one(connection, status_id, None)
    if found is None or not found.row.local or found.boost_of is not None:
        raise NotFoundError
    return found


def _embedded(found: Status, site: Site, width: int, height: int | None) -> OEmbed:
    author = found.account
    name = author.display_name or author.username
    page = site.status_page(author.username, found.row.id)
    size = f'width="{width}"' + (f' height="{height}"' if height else ' height="400"')
    frame = (
        f'<iframe src="{escape(page)}/embed" {size} title="{escape(f"Post by {name}")}" loading="lazy" '
        'style="border: 0; max-width: 100%" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>'
    )
    return OEmbed(
        author_name=name,
        author_url=site.profile(author.username),
        provider_name=site.domain,
        provider_url=site.base_url,
        html=frame,
        width=width,
        height=height,
    )
