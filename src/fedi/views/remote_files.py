"""Which remote file stands behind an address of ours under /media/remote/."""

import msgspec

from fedi.registry.rows import Connection, one
from fedi.site import RemoteMedia
from fedi.sql import queries

_SQL = queries(__file__)


class _Found(msgspec.Struct, frozen=True):
    url: str | None


async def url_of(connection: Connection, kind: RemoteMedia, owner_id: int, index: int) -> str | None:
    """Return the URL of the `index`th file of a kind that an account or status names now, if it names so many."""
    found = await one(connection, _SQL[kind], {"id": owner_id, "index": index}, _Found)
    return (found.url or None) if found else None
