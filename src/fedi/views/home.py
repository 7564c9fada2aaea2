"""The home timeline, defined as a query: what Redis holds of it is this and nothing else."""

from fedi.registry.rows import Connection, numbers
from fedi.sql import queries
from fedi.views.can_see import visible
from fedi.views.pages import Page
from fedi.views.welcome import welcome

_SQL = queries(__file__)


async def home(connection: Connection, viewer: int, page: Page) -> list[int]:
    """Return a page of the viewer's home timeline: ids of statuses and boosts, the newest first."""
    query = _SQL["home"].format(visible=visible(), welcome=welcome(), window=page.window("s.id"))
    return page.turned(await numbers(connection, query, {**page.values, "viewer": viewer}))
