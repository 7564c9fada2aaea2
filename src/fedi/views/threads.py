"""What stands above and below a status: what it answers, and what answers it."""

from collections.abc import Collection

from fedi.meaning.names import key_of
from fedi.registry.rows import Connection, numbers
from fedi.sql import queries
from fedi.views.can_see import visible
from fedi.views.compose import flat
from fedi.views.welcome import unlimited_or_followed, welcome

_SQL = queries(__file__)
_ANCESTORS = flat(_SQL["ancestors"].format(visible=visible(), welcome=welcome(), unlimited=unlimited_or_followed()))
_DESCENDANTS = flat(_SQL["descendants"].format(visible=visible(), welcome=welcome(), unlimited=unlimited_or_followed()))

MEMBERS_LIMIT = 4096
"""Statuses above, and statuses below, that somebody who is signed in gets; depth is not limited otherwise."""
ANONYMOUS_ANCESTORS, ANONYMOUS_DESCENDANTS, ANONYMOUS_DEPTH = 40, 60, 20


async def ancestors(connection: Connection, status_id: int, viewer: int | None) -> list[int]:
    """Return what a status answers, the oldest first, without what the viewer may not or does not want to see."""
    limit = ANONYMOUS_ANCESTORS if viewer is None else MEMBERS_LIMIT
    return await numbers(connection, _ANCESTORS, {"id": status_id, "viewer": viewer, "limit": limit})


async def descendants(connection: Connection, status_id: int, viewer: int | None) -> list[int]:
    """Return the answers to a status, each followed by the answers to it."""
    limit, depth = (ANONYMOUS_DESCENDANTS, ANONYMOUS_DEPTH) if viewer is None else (MEMBERS_LIMIT, MEMBERS_LIMIT)
    values = {"id": status_id, "viewer": viewer, "limit": limit, "depth": depth}
    return await numbers(connection, _DESCENDANTS, values)


async def partly_elsewhere(connection: Connection, status_id: int) -> int | None:
    """Return the number of the thread of a post, if something that everybody may see was said in it elsewhere."""
    return next(iter(await numbers(connection, _SQL["partly_elsewhere"], {"id": status_id})), None)


async def said_elsewhere(connection: Connection, status_id: int, limit: int) -> list[str]:
    """Return the ids of what everybody may see that was said elsewhere in the thread of a post.

    The post itself comes first if it is such a one, then what the thread begins with as far as that is known, then the
    latest.
    """
    rows = await connection.execute(_SQL["said_elsewhere"], {"id": status_id, "limit": limit})
    return [uri for (uri,) in await rows.fetchall()]


async def known(connection: Connection, uris: Collection[str]) -> set[str]:
    """Return those among some ids that something was heard of here, if only that it is gone."""
    keys = {key_of(uri): uri for uri in uris}
    cursor = await connection.execute(_SQL["known"], {"keys": list(keys)})
    return {keys[row[0]] for row in await cursor.fetchall()}
