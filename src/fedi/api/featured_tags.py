"""Hashtags on one's profile (https://docs.joinmastodon.org/methods/featured_tags/)."""

import msgspec

from fedi.api.acting import acting, caught_up
from fedi.api.entities.featured_tags import FeaturedTag, featured_tag
from fedi.api.entities.tags import Tag
from fedi.api.reading import reading
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.api.tags import described
from fedi.commands import endorsements as commands
from fedi.commands.tags import normal_name
from fedi.errors import NotFoundError, Unavailable
from fedi.registry.rows import Connection
from fedi.views import accounts, endorsements

SUGGESTED = 10


class NewFeaturedTag(msgspec.Struct, frozen=True, kw_only=True):
    name: str


class OneFeaturedTag(msgspec.Struct, frozen=True, kw_only=True):
    id: int


class TagName(msgspec.Struct, frozen=True, kw_only=True):
    id: str


@route("GET", "/api/v1/featured_tags", scope="read:accounts", auth="user", of_views=True)
async def get_featured_tags(request: ApiRequest) -> list[FeaturedTag]:
    """The hashtags that the asker shows."""
    async with reading(request) as connection:
        return await of_account(request, connection, request.account_id)


@route("POST", "/api/v1/featured_tags", scope="write:accounts", auth="user")
async def feature(request: ApiRequest, params: NewFeaturedTag) -> FeaturedTag:
    """Show a hashtag on one's profile."""
    author = await acting(request)
    await caught_up(request, await commands.feature_tag(request.deps.commands, author, params.name))
    name = normal_name(params.name.strip().removeprefix("#"))
    async with request.deps.pool.connection() as connection:
        found = next((tag for tag in await endorsements.tags(connection, author.id) if tag.name == name), None)
    if found is None:
        raise Unavailable("the hashtag is not in the views yet")
    return featured_tag(found, author.acct, request.deps.site)


@route("DELETE", "/api/v1/featured_tags/:id", scope="write:accounts", auth="user")
async def unfeature(request: ApiRequest, params: OneFeaturedTag) -> dict[str, object]:
    """Show a hashtag no longer."""
    author = await acting(request)
    async with request.deps.pool.connection() as connection:
        found = next((tag for tag in await endorsements.tags(connection, author.id) if tag.id == params.id), None)
    if found is None:
        raise NotFoundError
    await caught_up(request, await commands.unfeature_tag(request.deps.commands, author, found.name))
    return {}


@route("GET", "/api/v1/featured_tags/suggestions", scope="read:accounts", auth="user", of_views=True)
async def suggested_tags(request: ApiRequest) -> list[Tag]:
    """The hashtags that the asker uses most and does not show."""
    async with reading(request) as connection:
        names = await endorsements.used_tags(connection, request.account_id, SUGGESTED)
        return await described(request, connection, names)


@route("POST", "/api/v1/tags/:id/feature", scope="write:accounts", auth="user")
async def feature_tag(request: ApiRequest, params: TagName) -> Tag:
    """Show a hashtag on one's profile, by its name."""
    author = await acting(request)
    await caught_up(request, await commands.feature_tag(request.deps.commands, author, normal_name(params.id)))
    return await _tag(request, params.id, featuring=True)


@route("POST", "/api/v1/tags/:id/unfeature", scope="write:accounts", auth="user")
async def unfeature_tag(request: ApiRequest, params: TagName) -> Tag:
    """Show a hashtag no longer, by its name."""
    author = await acting(request)
    await caught_up(request, await commands.unfeature_tag(request.deps.commands, author, params.id))
    return await _tag(request, params.id, featuring=False)


async def of_account(request: ApiRequest, connection: Connection, account_id: int) -> list[FeaturedTag]:
    """Return the hashtags that an account shows. Raises NotFoundError if there is none of that id."""
    row = await accounts.one(connection, account_id)
    if row is None:
        raise NotFoundError
    site = request.deps.site
    acct = site.handle(row.username, row.domain)
    return [featured_tag(found, acct, site) for found in await endorsements.tags(connection, account_id)]


async def _tag(request: ApiRequest, written: str, *, featuring: bool) -> Tag:
    async with request.deps.pool.connection() as connection:
        (found,) = await described(request, connection, [normal_name(written)])
    return msgspec.structs.replace(found, featuring=featuring)
