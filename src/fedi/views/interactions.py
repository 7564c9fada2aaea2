"""Who favourited and boosted a status, and what one person favourited and put aside."""

from fedi.registry.rows import Connection, several
from fedi.sql import queries
from fedi.views.can_see import visible
from fedi.views.pages import Page, Placed
from fedi.views.welcome import unblocked

_SQL = queries(__file__)


async def favourited_by(connection: Connection, status_id: int, viewer: int | None, page: Page) -> list[Placed]:
    """Return a page of the accounts that favourited a status."""
    query = _SQL["favourited_by"].format(unblocked=unblocked("a"), window=page.window("v.id"))
    values = {**page.values, "id": status_id, "viewer": viewer}
    return page.turned(await several(connection, query, values, Placed))


async def boosted_by(connection: Connection, status_id: int, viewer: int | None, page: Page) -> list[Placed]:
    """Return a page of the accounts that boosted a status where the viewer may see it."""
    query = _SQL["boosted_by"].format(visible=visible(), unblocked=unblocked("a"), window=page.window("s.id"))
    values = {**page.values, "id": status_id, "viewer": viewer}
    return page.turned(await several(connection, query, values, Placed))


async def favourites(connection: Connection, viewer: int, page: Page) -> list[Placed]:
    """Return a page of what the viewer favourited, the latest favourite first."""
    query = _SQL["favourites"].format(visible=visible(), window=page.window("v.id"))
    return page.turned(await several(connection, query, {**page.values, "viewer": viewer}, Placed))


async def bookmarks(connection: Connection, viewer: int, page: Page) -> list[Placed]:
    """Return a page of what the viewer put aside, the latest first."""
    query = _SQL["bookmarks"].format(visible=visible(), window=page.window("v.id"))
    return page.turned(await several(connection, query, {**page.values, "viewer": viewer}, Placed))
