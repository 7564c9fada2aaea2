"""Deletes copies of remote files, the bytes before the row: afterwards nobody knows of them."""

from collections.abc import Collection
from typing import Any

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from fedi.registry import media
from fedi.services.storage import Storage


async def drop_copies(pool: AsyncConnectionPool[AsyncConnection[Any]], storage: Storage, urls: Collection[str]) -> int:
    """Delete the copies there are of the files at some addresses; return how many that were."""
    if not urls:
        return 0
    async with pool.connection() as connection, connection.transaction():
        copies = await media.copies_of(connection, urls)
        for copy in copies:
            for key in (copy.storage_key, copy.preview_key):
                if key:
                    await storage.delete(key)
        await media.remove(connection, [copy.id for copy in copies])
    return len(copies)
