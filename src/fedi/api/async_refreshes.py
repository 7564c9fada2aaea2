"""What goes on behind an answer (https://docs.joinmastodon.org/methods/async_refreshes/)."""

from typing import Literal
from uuid import UUID

import msgspec

from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.errors import NotFoundError
from fedi.registry import refreshes
from fedi.registry.refreshes import Refresh
from fedi.services.threads import FetchReplies
from fedi.views.statuses import Status

RETRY_SECONDS = 3


class OneRefresh(msgspec.Struct, frozen=True, kw_only=True):
    id: str


class State(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    status: Literal["running", "finished"]
    result_count: int


class AsyncRefresh(msgspec.Struct, frozen=True, kw_only=True):
    async_refresh: State


@route("GET", "/api/v1_alpha/async_refreshes/:id", scope="read", auth="user")
async def get_refresh(request: ApiRequest, params: OneRefresh) -> AsyncRefresh:
    """How far it is."""
    try:
        token = UUID(params.id)
    except ValueError:
        raise NotFoundError from None
    async with request.deps.pool.connection() as connection:
        found = await refreshes.by_token(connection, token, request.deps.clock())
    if found is None:
        raise NotFoundError
    status: Literal["running", "finished"] = "running" if found.running else "finished"
    return AsyncRefresh(async_refresh=State(id=str(found.token), status=status, result_count=found.result_count))


async def refreshed(request: ApiRequest, opened: Status) -> dict[str, str]:
    """Let the answers to a post be looked for where it was written; return the header that tells of it.

    Only people who are signed in cause that, once in a while for each post.
    """
    row, now = opened.row, request.deps.clock()
    if request.reader_id is None or row.local or row.visibility not in {"public", "unlisted"}:
        return {}
    async with request.deps.pool.connection() as connection:
        found = await refreshes.running(connection, row.id, now)
        if found is None and (found := await refreshes.begin(connection, row.id, now)) is not None:
            await request.deps.commands.jobs.put(FetchReplies(status_id=row.id), connection=connection)
    return {} if found is None else {"Mastodon-Async-Refresh": _told(found)}


def _told(found: Refresh) -> str:
    return f'id="{found.token}", retry={RETRY_SECONDS}, result_count={found.result_count}'
