"""Who favourited and boosted a status, and what one person favourited and put aside."""

from collections.abc import Mapping
from functools import cache

from psycopg.sql import SQL

from fedi.registry.rows import Connection, several
from fedi.sql import queries
from fedi.views.can_see import visible
from fedi.views.compose import flat
from fedi.views.pages import Page, Placed
from fedi.views.welcome import unblocked

_SQL = queries(__file__)


async def favourited_by(connection: Connection, status_id: int, viewer: int | None, page: Page) -> list[Placed]:
    """Return a page of the accounts that favourited a status."""
    return await _list(connection, "favourited_by", page, {"id": status_id, "viewer": viewer})


async def boosted_by(connection: Connection, status_id: int, viewer: int | None, page: Page) -> list[Placed]:
    """Return a page of the accounts that boosted a status where the viewer may see it."""
    return await _list(connection, "boosted_by", page, {"id": status_id, "viewer": viewer})


async def favourites(connection: Connection, viewer: int, page: Page) -> list[Placed]:
    """Return a page of what the viewer favourited, the latest favourite first."""
    return await _list(connection, "favourites", page, {"viewer": viewer})


async def bookmarks(connection: Connection, viewer: int, page: Page) -> list[Placed]:
    """Return a page of what the viewer put aside, the latest first."""
    return await _list(connection, "bookmarks", page, {"viewer": viewer})


async def _list(connection: Connection, name: str, page: Page, values: Mapping[str, object]) -> list[Placed]:
    return page.turned(await several(connection, _query(name, page.form), {**page.values, **values}, Placed))


@cache
def _query(name: str, form: Page) -> SQL:
    window = form.window("s.id" if name == "boosted_by" else "v.id")
    return flat(_SQL[name].format(visible=visible(), unblocked=unblocked("a"), window=window))
