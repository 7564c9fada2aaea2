"""Which posts show which uploads, as the log has it; the registry may have lost its own note of that."""

from collections.abc import Collection

from fedi.registry.rows import Connection
from fedi.sql import queries

_SQL = queries(__file__)


async def holders(connection: Connection, owners: Collection[int], media_ids: Collection[int]) -> dict[int, int]:
    """Return the posts of some accounts that show some uploads: by upload, the id of the post."""
    values = {"owners": list(owners), "ids": list(media_ids)}
    return dict(await (await connection.execute(_SQL["holders"], values)).fetchall())
