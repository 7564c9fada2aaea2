"""What goes on behind an answer (https://docs.joinmastodon.org/methods/async_refreshes/)."""

from typing import Literal
from uuid import UUID

import msgspec

from fedi.activitypub.vocabulary import uris
from fedi.api.deps import Deps
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.errors import NotFoundError
from fedi.registry import refreshes
from fedi.registry.refreshes import Refresh
from fedi.services.limiter import THREADS
from fedi.services.threads import FetchReplies
from fedi.views import threads
from fedi.views.statuses import Status, StatusRow

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
    """Let what is missing of a thread be looked for where its posts were written; return the header that tells of it.

    Only people who are signed in cause that, each not too often, and once in a while for each thread.
    """
    row, now = opened.row, request.deps.clock()
    if request.reader_id is None or row.visibility not in {"public", "unlisted"}:
        return {}
    async with request.deps.commands.pool.connection() as connection:
        thread = await threads.partly_elsewhere(connection, row.id)
        if thread is None:
            return {}
        found = await refreshes.lately(connection, thread, now)
        if found is None and await _may_begin(request.deps, request.reader_id):
            found = await refreshes.begin(connection, thread, now)
            if found is not None:
                wanted = FetchReplies(status_id=row.id, thread_id=thread)
                await request.deps.commands.jobs.put(wanted, connection=connection, lane=_lane(row))
    return {"Mastodon-Async-Refresh": _told(found)} if found is not None and found.running else {}


def _lane(row: StatusRow) -> str | None:
    """Of the threads that begin on one host one is completed at a time, lest a slow one keeps all workers."""
    return None if row.local else f"threads:{uris.parse(row.uri).authority}"


async def _may_begin(deps: Deps, reader_id: int) -> bool:
    if deps.limiter is None:
        return True
    return not any(count.exceeded for count in await deps.limiter.count([(THREADS, str(reader_id))]))


def _told(found: Refresh) -> str:
    return f'id="{found.token}", retry={RETRY_SECONDS}, result_count={found.result_count}'
