"""Following, blocking and muting accounts, and answering those who ask to follow."""

import msgspec

from fedi.api.acting import acting, relationship_after
from fedi.api.entities.relationships import Relationship
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.commands import blocks, follows
from fedi.commands.follows import Wishes


class OneAccount(msgspec.Struct, frozen=True, kw_only=True):
    id: int


class Follow(OneAccount, frozen=True, kw_only=True):
    reblogs: bool | None = None
    notify: bool | None = None
    languages: list[str] | None = None


class Mute(OneAccount, frozen=True, kw_only=True):
    notifications: bool = True
    duration: int = 0


@route("POST", "/api/v1/accounts/:id/follow", scope="follow | write:follows", auth="user")
async def follow(request: ApiRequest, params: Follow) -> Relationship:
    """Follow an account, or ask to; or change what to see of one that is followed."""
    author = await acting(request)
    languages = None if params.languages is None else tuple(params.languages)
    wishes = Wishes(boosts=params.reblogs, notify=params.notify, languages=languages)
    position = await follows.follow(request.deps.commands, author, params.id, wishes)
    return await relationship_after(request, params.id, position, requested=True)


@route("POST", "/api/v1/accounts/:id/unfollow", scope="follow | write:follows", auth="user")
async def unfollow(request: ApiRequest, params: OneAccount) -> Relationship:
    """Stop following an account, or asking to."""
    author = await acting(request)
    position = await follows.unfollow(request.deps.commands, author, params.id)
    return await relationship_after(request, params.id, position, following=False, requested=False)


@route("POST", "/api/v1/accounts/:id/remove_from_followers", scope="follow | write:follows", auth="user")
async def remove_from_followers(request: ApiRequest, params: OneAccount) -> Relationship:
    """End an account's follow of oneself."""
    author = await acting(request)
    position = await follows.remove_follower(request.deps.commands, author, params.id)
    return await relationship_after(request, params.id, position, followed_by=False)


@route("POST", "/api/v1/follow_requests/:id/authorize", scope="follow | write:follows", auth="user")
async def authorize_request(request: ApiRequest, params: OneAccount) -> Relationship:
    """Let an account follow that asks to."""
    author = await acting(request)
    position = await follows.authorize_request(request.deps.commands, author, params.id)
    return await relationship_after(request, params.id, position, followed_by=True, requested_by=False)


@route("POST", "/api/v1/follow_requests/:id/reject", scope="follow | write:follows", auth="user")
async def reject_request(request: ApiRequest, params: OneAccount) -> Relationship:
    """Refuse an account that asks to follow."""
    author = await acting(request)
    position = await follows.reject_request(request.deps.commands, author, params.id)
    return await relationship_after(request, params.id, position, followed_by=False, requested_by=False)


@route("POST", "/api/v1/accounts/:id/block", scope="follow | write:blocks", auth="user")
async def block(request: ApiRequest, params: OneAccount) -> Relationship:
    """Block an account; what stood between the two ends."""
    author = await acting(request)
    position = await blocks.block(request.deps.commands, author, params.id)
    ended = {"following": False, "requested": False, "followed_by": False}
    return await relationship_after(request, params.id, position, blocking=True, **ended)


@route("POST", "/api/v1/accounts/:id/unblock", scope="follow | write:blocks", auth="user")
async def unblock(request: ApiRequest, params: OneAccount) -> Relationship:
    """Take a block back."""
    author = await acting(request)
    position = await blocks.unblock(request.deps.commands, author, params.id)
    return await relationship_after(request, params.id, position, blocking=False)


@route("POST", "/api/v1/accounts/:id/mute", scope="follow | write:mutes", auth="user")
async def mute(request: ApiRequest, params: Mute) -> Relationship:
    """Read nothing of an account, and with `notifications` hear nothing; for `duration` seconds, or for ever (0)."""
    author = await acting(request)
    position = await blocks.mute(
        request.deps.commands, author, params.id, notifications=params.notifications, seconds=params.duration
    )
    return await relationship_after(
        request, params.id, position, muting=True, muting_notifications=params.notifications
    )


@route("POST", "/api/v1/accounts/:id/unmute", scope="follow | write:mutes", auth="user")
async def unmute(request: ApiRequest, params: OneAccount) -> Relationship:
    """Read an account again."""
    author = await acting(request)
    position = await blocks.unmute(request.deps.commands, author, params.id)
    return await relationship_after(request, params.id, position, muting=False, muting_notifications=False)
