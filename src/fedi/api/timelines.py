"""Timelines (https://docs.joinmastodon.org/methods/timelines/)."""

from collections.abc import Iterable
from typing import Annotated

import msgspec

from fedi.activitypub.vocabulary import hashtags, uris
from fedi.api.pagination import STATUSES, Page, paged
from fedi.api.reading import page_of, reading, status_page
from fedi.api.request import ApiRequest, Reply
from fedi.api.routing import route
from fedi.errors import NotFoundError
from fedi.views import conversations, lists, timelines, trends
from fedi.views.home import home
from fedi.views.timelines import Narrowing

Names = Annotated[tuple[str, ...], msgspec.Meta(max_length=10)]


class Public(Page, frozen=True, kw_only=True):
    local: bool = False
    remote: bool = False
    only_media: bool = False


class Tagged(Public, frozen=True, kw_only=True):
    name: str
    any: Names = ()
    all: Names = ()
    none: Names = ()


class Linked(Page, frozen=True, kw_only=True):
    url: str


class Listed(Page, frozen=True, kw_only=True):
    id: int


@route("GET", "/api/v1/timelines/home", scope="read:statuses", auth="user")
async def home_timeline(request: ApiRequest, params: Page) -> Reply:
    """What the people and hashtags that somebody follows brought."""
    page = page_of(params, STATUSES)
    deps, viewer = request.deps, request.account_id
    found = await deps.homes.page(viewer, page, *deps.written.last_known(viewer))
    if found is not None:
        remembered = deps.fragments.remembered(found.ids, viewer, found.position)
        if remembered is not None:
            return paged(request, remembered, found.ids, page.limit)
        async with deps.pool.connection() as connection:
            rendered = await deps.fragments.render_since(connection, found.ids, viewer, found.position)
            return paged(request, rendered, found.ids, page.limit)
    async with reading(request) as connection:
        return await status_page(request, connection, await home(connection, viewer, page), page)


@route("GET", "/api/v1/timelines/public", scope="read:statuses", auth="public-or-user", of_views=True)
async def public_timeline(request: ApiRequest, params: Public) -> Reply:
    """What everybody known here wrote for everybody."""
    page = page_of(params, STATUSES)
    narrowing = Narrowing(local=params.local, remote=params.remote, only_media=params.only_media)
    async with reading(request) as connection:
        ids = await timelines.public(connection, request.reader_id, page, narrowing)
        return await status_page(request, connection, ids, page)


@route("GET", "/api/v1/timelines/tag/:name", scope="read:statuses", auth="public-or-user", of_views=True)
async def tag_timeline(request: ApiRequest, params: Tagged) -> Reply:
    """What was written for everybody with a hashtag."""
    page = page_of(params, STATUSES)
    narrowing = Narrowing(
        local=params.local,
        remote=params.remote,
        only_media=params.only_media,
        all_tags=_normal(params.all),
        no_tags=_normal(params.none),
    )
    async with reading(request) as connection:
        ids = await timelines.tag(connection, _normal([params.name, *params.any]), request.reader_id, page, narrowing)
        return await status_page(request, connection, ids, page)


@route("GET", "/api/v1/timelines/link", scope="read:statuses", auth="public-or-user", of_views=True)
async def link_timeline(request: ApiRequest, params: Linked) -> Reply:
    """What was written for everybody about a page that is popular; of any other page nothing is told."""
    page = page_of(params, STATUSES)
    async with reading(request) as connection:
        url = _address(params.url)
        if not request.deps.settings.trendable_by_default or not await trends.is_popular_link(connection, url):
            raise NotFoundError
        ids = await timelines.of_link(connection, url, request.reader_id, page)
        return await status_page(request, connection, ids, page)


@route("GET", "/api/v1/timelines/list/:id", scope="read:lists", auth="user", of_views=True)
async def list_timeline(request: ApiRequest, params: Listed) -> Reply:
    """What the members of a list brought."""
    page = page_of(params, STATUSES)
    async with reading(request) as connection:
        if await lists.one(connection, params.id, request.account_id) is None:
            raise NotFoundError
        ids = await timelines.of_list(connection, params.id, request.account_id, page)
        return await status_page(request, connection, ids, page)


@route("GET", "/api/v1/timelines/direct", scope="read:statuses", auth="user", of_views=True)
async def direct_timeline(request: ApiRequest, params: Page) -> Reply:
    """What was said in the asker's conversations, for clients that know none; Mastodon has no such list any more."""
    page = page_of(params, STATUSES)
    async with reading(request) as connection:
        ids = await conversations.direct(connection, request.account_id, page)
        return await status_page(request, connection, ids, page)


def _address(url: str) -> str:
    try:
        return uris.parse(url, fragment=True).document.text
    except uris.InvalidUriError:
        raise NotFoundError from None


def _normal(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(normal for name in names if (normal := hashtags.normal(name.removeprefix("#")))))
