"""Announcements of the staff (https://docs.joinmastodon.org/methods/announcements/)."""

import msgspec

from fedi.api.acting import acting, caught_up
from fedi.api.entities.announcements import Announcement, announcement
from fedi.api.reading import reading
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.commands import announcements as commands
from fedi.errors import NotFoundError
from fedi.registry import announcements as registry
from fedi.views import staff_announcements


class Which(msgspec.Struct, frozen=True, kw_only=True):
    with_dismissed: bool = False


class One(msgspec.Struct, frozen=True, kw_only=True):
    id: int


class Reacted(msgspec.Struct, frozen=True, kw_only=True):
    announcement_id: int
    id: str


@route("GET", "/api/v1/announcements", scope=None, auth="user")
async def get_announcements(request: ApiRequest, params: Which) -> list[Announcement]:
    """What the staff has to say at the moment, without what the asker has read."""
    async with reading(request) as connection:
        found = await staff_announcements.load(connection, request.account_id)
    return [announcement(each, request.deps.site) for each in found if params.with_dismissed or not each.row.read]


@route("POST", "/api/v1/announcements/:id/dismiss", scope="write:accounts", auth="user")
async def dismiss_announcement(request: ApiRequest, params: One) -> dict[str, object]:
    """Say that one has read an announcement."""
    async with reading(request) as connection:
        if not await staff_announcements.load(connection, request.account_id, [params.id]):
            raise NotFoundError
        await registry.dismiss(connection, request.account_id, params.id)
    return {}


@route(
    ("PUT", "PATCH"),
    "/api/v1/announcements/:announcement_id/reactions/:id",
    scope="write:favourites",
    auth="user",
)
async def add_reaction(request: ApiRequest, params: Reacted) -> dict[str, object]:
    """React with an emoji, or the shortcode of one of this server's."""
    author = await acting(request)
    position = await commands.react(request.deps.commands, author, params.announcement_id, params.id)
    await caught_up(request, position)
    return {}


@route("DELETE", "/api/v1/announcements/:announcement_id/reactions/:id", scope="write:favourites", auth="user")
async def remove_reaction(request: ApiRequest, params: Reacted) -> dict[str, object]:
    """Take a reaction back."""
    author = await acting(request)
    position = await commands.unreact(request.deps.commands, author, params.announcement_id, params.id)
    await caught_up(request, position)
    return {}
