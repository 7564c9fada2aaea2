"""Boosting, favouriting, bookmarking and pinning statuses, and muting their threads."""

import msgspec

from fedi.api.acting import acting, caught_up, status_after
from fedi.api.entities.statuses import Status
from fedi.api.reading import one_status
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.commands import boosts, favourites, pins, threads
from fedi.descriptions import Visibility
from fedi.views import statuses


class OneStatus(msgspec.Struct, frozen=True, kw_only=True):
    id: int


class Reblog(OneStatus, frozen=True, kw_only=True):
    visibility: Visibility | None = None


@route("POST", "/api/v1/statuses/:id/reblog", scope="write:statuses", auth="user")
async def reblog(request: ApiRequest, params: Reblog) -> Status:
    """Boost a status; the boost is answered, with the status inside. Of two requests at once one boost stands."""
    author = await acting(request)
    boosted = await boosts.boost_status(request.deps.commands, author, params.id, params.visibility)
    reached = await caught_up(request, boosted.position)
    async with request.deps.pool.connection() as connection:
        standing = await statuses.boost_of(connection, boosted.status_id, author.id) if reached else None
        shown = await one_status(request, connection, standing or boosted.status_id)
    if standing is not None:
        return shown
    return msgspec.structs.replace(
        shown, id=str(boosted.boost_id), reblog=msgspec.structs.replace(shown, reblogged=True)
    )


@route("POST", "/api/v1/statuses/:id/unreblog", scope="write:statuses", auth="user")
async def unreblog(request: ApiRequest, params: OneStatus) -> Status:
    """Take a boost back; the original is answered."""
    author = await acting(request)
    status_id = (await boosts.original(request.deps.commands, author, params.id)).id
    position = await boosts.unboost_status(request.deps.commands, author, status_id)
    return await status_after(request, status_id, position, reblogged=False)


@route("POST", "/api/v1/statuses/:id/favourite", scope="write:favourites", auth="user")
async def favourite(request: ApiRequest, params: OneStatus) -> Status:
    """Favourite a status."""
    author = await acting(request)
    position = await favourites.favourite_status(request.deps.commands, author, params.id)
    return await status_after(request, params.id, position, favourited=True)


@route("POST", "/api/v1/statuses/:id/unfavourite", scope="write:favourites", auth="user")
async def unfavourite(request: ApiRequest, params: OneStatus) -> Status:
    """Take a favourite back."""
    author = await acting(request)
    position = await favourites.unfavourite_status(request.deps.commands, author, params.id)
    return await status_after(request, params.id, position, favourited=False)


@route("POST", "/api/v1/statuses/:id/bookmark", scope="write:bookmarks", auth="user")
async def bookmark(request: ApiRequest, params: OneStatus) -> Status:
    """Put a status aside."""
    author = await acting(request)
    position = await favourites.bookmark_status(request.deps.commands, author, params.id)
    return await status_after(request, params.id, position, bookmarked=True)


@route("POST", "/api/v1/statuses/:id/unbookmark", scope="write:bookmarks", auth="user")
async def unbookmark(request: ApiRequest, params: OneStatus) -> Status:
    """Forget a status that was put aside."""
    author = await acting(request)
    position = await favourites.unbookmark_status(request.deps.commands, author, params.id)
    return await status_after(request, params.id, position, bookmarked=False)


@route("POST", "/api/v1/statuses/:id/pin", scope="write:accounts", auth="user")
async def pin(request: ApiRequest, params: OneStatus) -> Status:
    """Show a status of one's own first on one's profile."""
    author = await acting(request)
    position = await pins.pin_status(request.deps.commands, author, params.id)
    return await status_after(request, params.id, position, pinned=True)


@route("POST", "/api/v1/statuses/:id/unpin", scope="write:accounts", auth="user")
async def unpin(request: ApiRequest, params: OneStatus) -> Status:
    """Show a status no longer first."""
    author = await acting(request)
    position = await pins.unpin_status(request.deps.commands, author, params.id)
    return await status_after(request, params.id, position, pinned=False)


@route("POST", "/api/v1/statuses/:id/mute", scope="write:mutes", auth="user")
async def mute(request: ApiRequest, params: OneStatus) -> Status:
    """Be notified no more of what happens in the thread of a status."""
    author = await acting(request)
    position = await threads.mute_thread(request.deps.commands, author, params.id)
    return await status_after(request, params.id, position, muted=True)


@route("POST", "/api/v1/statuses/:id/unmute", scope="write:mutes", auth="user")
async def unmute(request: ApiRequest, params: OneStatus) -> Status:
    """Be notified again of what happens in the thread of a status."""
    author = await acting(request)
    position = await threads.unmute_thread(request.deps.commands, author, params.id)
    return await status_after(request, params.id, position, muted=False)
