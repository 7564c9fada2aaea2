"""Following hashtags."""

import msgspec

from fedi.api.acting import acting, caught_up
from fedi.api.entities.tags import Tag
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.commands import tags


class OneTag(msgspec.Struct, frozen=True, kw_only=True):
    id: str


@route("POST", "/api/v1/tags/:id/follow", scope="follow | write:follows", auth="user")
async def follow_tag(request: ApiRequest, params: OneTag) -> Tag:
    """Have posts with a hashtag in one's home timeline."""
    author = await acting(request)
    await caught_up(request, await tags.follow_tag(request.deps.commands, author, params.id))
    return _tag(request, params.id, following=True)


@route("POST", "/api/v1/tags/:id/unfollow", scope="follow | write:follows", auth="user")
async def unfollow_tag(request: ApiRequest, params: OneTag) -> Tag:
    """Stop following a hashtag."""
    author = await acting(request)
    await caught_up(request, await tags.unfollow_tag(request.deps.commands, author, params.id))
    return _tag(request, params.id, following=False)


def _tag(request: ApiRequest, written: str, *, following: bool) -> Tag:
    name = tags.normal_name(written)
    return Tag(id=name, name=name, url=request.deps.site.tag_page(name), history=[], following=following)
