"""What reading endpoints have in common: a connection that shows the reader their own writes, and pages of accounts and
statuses with their links."""

import contextlib
from collections.abc import AsyncIterator, Sequence

from fedi.api import pagination
from fedi.api.entities.accounts import account
from fedi.api.entities.statuses import Status, status
from fedi.api.pagination import paged
from fedi.api.request import ApiRequest, Reply
from fedi.errors import NotFoundError
from fedi.registry.rows import Connection
from fedi.views import accounts, filters, statuses
from fedi.views.pages import Page, Placed


async def read_own(request: ApiRequest) -> None:
    """Wait until the views hold what the reader wrote last, a second at most."""
    if request.reader_id is not None:
        await request.deps.written.catch_up(request.reader_id)


@contextlib.asynccontextmanager
async def reading(request: ApiRequest) -> AsyncIterator[Connection]:
    """Lend a connection once the views hold what the reader wrote last, or after a second."""
    await read_own(request)
    async with request.deps.pool.connection() as connection:
        yield connection


def page_of(params: pagination.Page, bounds: tuple[int, int]) -> Page:
    """Return what part of a list the parameters ask for; `bounds` are the default and the largest size."""
    return Page(limit=params.size(bounds), max_id=params.max_id, since_id=params.since_id, min_id=params.min_id)


async def one_status(request: ApiRequest, connection: Connection, status_id: int) -> Status:
    """Return a status in the reader's eyes. Raises NotFoundError if they may not see it."""
    found = await statuses.one(connection, status_id, request.reader_id)
    if found is None:
        raise NotFoundError
    return (await entities(request, connection, [found]))[0]


async def entities(request: ApiRequest, connection: Connection, found: Sequence[statuses.Status]) -> list[Status]:
    """Return statuses as the reader sees them, through the reader's filters."""
    return [status(each, request.deps.site) for each in await marked(request, connection, found)]


async def marked(
    request: ApiRequest, connection: Connection, found: Sequence[statuses.Status]
) -> list[statuses.Status]:
    """Return statuses with the filters of the reader that each is caught by."""
    return await filters.mark(connection, request.deps.sieves, found, request.deps.clock())


async def shown(request: ApiRequest, connection: Connection, ids: Sequence[int]) -> list[Status]:
    """Return statuses that a view has found for the reader, in their order."""
    return await entities(request, connection, await statuses.load(connection, ids, request.reader_id))


async def status_page(request: ApiRequest, connection: Connection, ids: Sequence[int], page: Page) -> Reply:
    """Answer with a page of statuses that pages by their own ids."""
    body = await request.deps.fragments.render(connection, ids, request.reader_id)
    return paged(request, body, ids, page.limit)


async def placed_statuses(request: ApiRequest, connection: Connection, found: Sequence[Placed], page: Page) -> Reply:
    """Answer with a page of statuses that pages by places the statuses do not show."""
    body = await request.deps.fragments.render(connection, [each.id for each in found], request.reader_id)
    return paged(request, body, [each.place for each in found], page.limit)


async def placed_accounts(request: ApiRequest, connection: Connection, found: Sequence[Placed], page: Page) -> Reply:
    """Answer with a page of accounts that pages by places the accounts do not show."""
    rows = await accounts.in_order(connection, [each.id for each in found])
    body = [account(row, request.deps.site) for row in rows]
    return paged(request, body, [each.place for each in found], page.limit)
