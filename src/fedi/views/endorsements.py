"""What people show on their profiles: accounts and hashtags."""

from datetime import datetime

import msgspec

from fedi.registry.rows import Connection, numbers, several
from fedi.sql import queries
from fedi.views.pages import Page, Placed
from fedi.views.welcome import unblocked

_SQL = queries(__file__)


class FeaturedTag(msgspec.Struct, frozen=True, kw_only=True):
    """A hashtag on a profile: how many posts that everybody may read have it, and when the last was written."""

    id: int
    name: str
    written: str
    statuses: int
    last_status_at: datetime | None


async def accounts(connection: Connection, account_id: int, viewer: int | None, page: Page) -> list[Placed]:
    """Return a page of the accounts that somebody shows, the latest first, without those the viewer must not meet."""
    query = _SQL["accounts"].format(window=page.window("e.id"), unblocked=unblocked("a"))
    values = {**page.values, "id": account_id, "viewer": viewer}
    return page.turned(await several(connection, query, values, Placed))


async def is_endorsed(connection: Connection, account_id: int, target_id: int) -> bool:
    """Tell whether an account shows another."""
    values = {"account_id": account_id, "target_id": target_id}
    return bool(await numbers(connection, _SQL["is_endorsed"], values))


async def tags(connection: Connection, account_id: int) -> list[FeaturedTag]:
    """Return the hashtags that somebody shows, those with most posts first."""
    return await several(connection, _SQL["tags"], {"id": account_id}, FeaturedTag)


async def used_tags(connection: Connection, account_id: int, limit: int) -> list[str]:
    """Return the hashtags that somebody uses most and does not show."""
    cursor = await connection.execute(_SQL["used_tags"], {"id": account_id, "limit": limit})
    return [name for (name,) in await cursor.fetchall()]
