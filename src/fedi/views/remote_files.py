"""Which remote file stands behind an address of ours under /media/remote/."""

import msgspec

from fedi.registry.rows import Connection, one
from fedi.site import RemoteMedia
from fedi.sql import queries

_SQL = queries(__file__)


class RemoteFile(msgspec.Struct, frozen=True):
    """Where a file is, and what it is said to be."""

    url: str | None
    kind: str | None


async def named(connection: Connection, kind: RemoteMedia, owner_id: int, index: int) -> RemoteFile | None:
    """Return the `index`th file of a kind that an account or status names now, if it names so many, and it is shown."""
    query = _SQL[kind].format(shown=_SQL["shown"])
    return await one(connection, query, {"id": owner_id, "index": index}, RemoteFile)
