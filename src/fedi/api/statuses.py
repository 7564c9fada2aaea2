"""Statuses: one, its thread, its history, and who liked it (https://docs.joinmastodon.org/methods/statuses/)."""

from typing import Annotated

import msgspec

from fedi.api.async_refreshes import refreshed
from fedi.api.entities.accounts import plain_text
from fedi.api.entities.cards import PreviewCard
from fedi.api.entities.polls import Poll
from fedi.api.entities.statuses import Context, Status, StatusEdit, StatusSource, edit, status
from fedi.api.pagination import ACCOUNTS, Page
from fedi.api.reading import entities, one_status, page_of, placed_accounts, read_own, reading, shown
from fedi.api.refreshing import refresh_poll
from fedi.api.request import ApiRequest, Reply
from fedi.api.routing import route
from fedi.errors import NotFoundError
from fedi.registry.rows import Connection
from fedi.views import edits, interactions, statuses, threads
from fedi.views.edits import Edit
from fedi.views.statuses import Status as StatusView


class One(msgspec.Struct, frozen=True, kw_only=True):
    id: int


class Several(msgspec.Struct, frozen=True, kw_only=True):
    id: Annotated[list[int], msgspec.Meta(max_length=80)] = []


class Interested(Page, frozen=True, kw_only=True):
    id: int


async def seen(request: ApiRequest, connection: Connection, status_id: int) -> StatusView:
    """Return a status that the asker may see. Raises NotFoundError for any other, whether it exists or not."""
    found = await statuses.one(connection, status_id, request.reader_id)
    if found is None:
        raise NotFoundError
    return found


@route("GET", "/api/v1/statuses", scope="read:statuses", auth="public-or-user", of_views=True)
async def get_statuses(request: ApiRequest, params: Several) -> list[Status]:
    """Some statuses at once."""
    async with reading(request) as connection:
        found = await statuses.load_visible(connection, list(dict.fromkeys(params.id)), request.reader_id)
        return await entities(request, connection, found)


@route("GET", "/api/v1/statuses/:id", scope="read:statuses", auth="public-or-user", of_views=True)
async def get_status(request: ApiRequest, params: One) -> Status | Reply:
    """One status."""
    fragments, viewer = request.deps.fragments, request.reader_id
    await read_own(request)
    found = fragments.remembered_one(params.id, viewer)
    if found is None:
        async with request.deps.pool.connection() as connection:
            found = await fragments.one(connection, params.id, viewer)
    if found is None:
        raise NotFoundError
    return Reply(body=found)


@route("GET", "/api/v1/statuses/:id/context", scope="read:statuses", auth="public-or-user", of_views=True)
async def get_context(request: ApiRequest, params: One) -> Reply:
    """What a status answers, and what answers it."""
    async with reading(request) as connection:
        found = await seen(request, connection, params.id)
        above = await threads.ancestors(connection, found.row.id, request.reader_id)
        below = await threads.descendants(connection, found.row.id, request.reader_id)
        found_all = await shown(request, connection, [*above, *below])
    known = {entity.id: entity for entity in found_all}
    context = Context(
        ancestors=[known[str(each)] for each in above if str(each) in known],
        descendants=[known[str(each)] for each in below if str(each) in known],
    )
    return Reply(body=context, headers=await refreshed(request, found))


@route("GET", "/api/v1/statuses/:id/card", scope="read:statuses", auth="public-or-user", of_views=True)
async def get_card(request: ApiRequest, params: One) -> PreviewCard | dict[str, str]:
    """The page that a status shares, as clients of old asked for it; an empty object if it shares none."""
    async with reading(request) as connection:
        found = await one_status(request, connection, params.id)
    return found.card or {}


@route("GET", "/api/v1/statuses/:id/favourited_by", scope="read:accounts", auth="public-or-user", of_views=True)
async def favourited_by(request: ApiRequest, params: Interested) -> Reply:
    """Who favourited a status."""
    page = page_of(params, ACCOUNTS)
    async with reading(request) as connection:
        await seen(request, connection, params.id)
        found = await interactions.favourited_by(connection, params.id, request.reader_id, page)
        return await placed_accounts(request, connection, found, page)


@route("GET", "/api/v1/statuses/:id/reblogged_by", scope="read:accounts", auth="public-or-user", of_views=True)
async def reblogged_by(request: ApiRequest, params: Interested) -> Reply:
    """Who boosted a status."""
    page = page_of(params, ACCOUNTS)
    async with reading(request) as connection:
        await seen(request, connection, params.id)
        found = await interactions.boosted_by(connection, params.id, request.reader_id, page)
        return await placed_accounts(request, connection, found, page)


@route("GET", "/api/v1/statuses/:id/history", scope="read:statuses", auth="public-or-user", of_views=True)
async def get_history(request: ApiRequest, params: One) -> list[StatusEdit]:
    """Every version of a status, the first one first."""
    async with reading(request) as connection:
        found = await seen(request, connection, params.id)
        versions = await edits.of_status(connection, found.row.id)
    return [edit(each, found, request.deps.site) for each in versions or [_only_version(found)]]


def _only_version(found: StatusView) -> Edit:
    row = found.row
    return Edit(
        edited_at=row.created_at,
        content=row.content,
        spoiler_text=row.spoiler_text,
        sensitive=row.sensitive,
        attachments=row.attachments,
        emojis=row.emojis,
        poll_options=row.poll_titles,
    )


@route("GET", "/api/v1/statuses/:id/source", scope="read:statuses", auth="app", of_views=True)
async def get_source(request: ApiRequest, params: One) -> StatusSource:
    """A status as it was typed; one from elsewhere without its markup."""
    async with reading(request) as connection:
        found = await seen(request, connection, params.id)
        source = await edits.source(connection, found.row.id)
    if source is None:
        raise NotFoundError
    text = plain_text(found.row.content) if source.text is None else source.text
    return StatusSource(id=str(found.row.id), text=text, spoiler_text=source.spoiler_text)


@route("GET", "/api/v1/polls/:id", scope="read:statuses", auth="public-or-user")
async def get_poll(request: ApiRequest, params: One) -> Poll:
    """A poll; it has the id of its status."""
    async with reading(request) as connection:
        found = await seen(request, connection, params.id)
    if await refresh_poll(request, found.row):
        async with reading(request) as connection:
            found = await seen(request, connection, params.id)
    entity = status(found, request.deps.site)
    if entity.poll is None:
        raise NotFoundError
    return entity.poll
