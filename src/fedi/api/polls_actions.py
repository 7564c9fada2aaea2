"""Voting in polls."""

import msgspec

from fedi.api.acting import acting, caught_up
from fedi.api.entities.polls import Poll, poll
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.commands import polls
from fedi.errors import NotFoundError
from fedi.views import statuses


class Vote(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    choices: list[int] = []


@route("POST", "/api/v1/polls/:id/votes", scope="write:statuses", auth="user")
async def vote(request: ApiRequest, params: Vote) -> Poll:
    """Choose options of a poll, by their places."""
    author = await acting(request)
    reached = await caught_up(request, await polls.vote(request.deps.commands, author, params.id, params.choices))
    async with request.deps.pool.connection() as connection:
        found = await statuses.one(connection, params.id, request.account_id)
    shown = None if found is None else poll(found, request.deps.site)
    if shown is None:
        raise NotFoundError
    own = tuple(dict.fromkeys(params.choices))
    return shown if reached else msgspec.structs.replace(shown, voted=True, own_votes=own)
