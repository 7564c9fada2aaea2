"""Hashtags, and which of them somebody follows (https://docs.joinmastodon.org/methods/tags/)."""

from collections.abc import Sequence

import msgspec

from fedi.activitypub.vocabulary import hashtags
from fedi.api.entities.tags import Tag, tag
from fedi.api.pagination import Page, paged
from fedi.api.reading import page_of, reading
from fedi.api.request import ApiRequest, Reply
from fedi.api.routing import route
from fedi.errors import NotFoundError
from fedi.registry.rows import Connection
from fedi.views import tags

FOLLOWED = (100, 200)


class Named(msgspec.Struct, frozen=True, kw_only=True):
    name: str


@route("GET", "/api/v1/tags/:name", scope=None, auth="public-or-user", of_views=True)
async def get_tag(request: ApiRequest, params: Named) -> Tag:
    """One hashtag, used or not."""
    name = hashtags.normal(params.name)
    if not hashtags.is_hashtag(params.name) or not name:
        raise NotFoundError
    async with reading(request) as connection:
        return (await described(request, connection, [name]))[0]


@route("GET", "/api/v1/followed_tags", scope="follow | read:follows", auth="user", of_views=True)
async def get_followed_tags(request: ApiRequest, params: Page) -> Reply:
    """The hashtags that the asker follows, the latest first."""
    page = page_of(params, FOLLOWED)
    async with reading(request) as connection:
        found = await tags.followed(connection, request.account_id, page)
        body = await described(request, connection, [each.name for each in found])
    return paged(request, body, [each.id for each in found], page.limit)


async def described(request: ApiRequest, connection: Connection, names: Sequence[str]) -> list[Tag]:
    """Return hashtags, by their names in normal form, in the eyes of whoever asks."""
    days = await tags.history(connection, names, request.deps.clock())
    site, reader = request.deps.site, request.reader_id
    if reader is None:
        return [tag(name, days[name], site) for name in names]
    followed = await tags.are_followed(connection, reader, names)
    featured = await tags.are_featured(connection, reader, names)
    return [tag(name, days[name], site, following=name in followed, featuring=name in featured) for name in names]
