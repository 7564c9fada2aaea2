"""Lists of accounts. They belong to one person and are nobody else's business: for others they do not exist."""

import msgspec

from fedi.events.lists import RepliesPolicy
from fedi.registry.rows import Connection, numbers, several
from fedi.registry.rows import one as one_row
from fedi.sql import queries
from fedi.views.pages import Page, Placed

_SQL = queries(__file__)


class AccountList(msgspec.Struct, frozen=True, kw_only=True):
    """A row of read.lists; `account_id` is its owner."""

    id: int
    account_id: int
    title: str
    replies_policy: RepliesPolicy
    exclusive: bool


async def of_account(connection: Connection, viewer: int) -> list[AccountList]:
    """Return all lists of a person, the oldest first."""
    return await several(connection, _SQL["of_account"], {"viewer": viewer}, AccountList)


async def one(connection: Connection, list_id: int, viewer: int) -> AccountList | None:
    """Return a list if it is the viewer's own."""
    return await one_row(connection, _SQL["one"], {"id": list_id, "viewer": viewer}, AccountList)


async def containing(connection: Connection, account_id: int, viewer: int) -> list[AccountList]:
    """Return the viewer's lists that an account is in."""
    return await several(connection, _SQL["containing"], {"id": account_id, "viewer": viewer}, AccountList)


async def members(connection: Connection, list_id: int, page: Page) -> list[Placed]:
    """Return a page of who is in a list. The caller has made sure whose it is."""
    query = _SQL["members"].format(window=page.window("m.id"))
    return page.turned(await several(connection, query, {**page.values, "id": list_id}, Placed))


async def all_members(connection: Connection, list_id: int) -> list[int]:
    """Return everybody in a list. The caller has made sure whose it is."""
    return await numbers(connection, _SQL["all_members"], {"id": list_id})
