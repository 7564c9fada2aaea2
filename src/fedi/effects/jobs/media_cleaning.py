"""Deletes files that nobody needs: uploads that no post holds, and copies of remote files that can be fetched again."""

import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from fedi import clock
from fedi.effects.deps import Deps
from fedi.effects.jobs.doing import every
from fedi.registry import media
from fedi.registry.media import Media
from fedi.services.storage import Storage
from fedi.views import attached

UNATTACHED = timedelta(days=1)
BATCH = 50
_log = logging.getLogger(__name__)

Pool = AsyncConnectionPool[AsyncConnection[Any]]
Find = Callable[[AsyncConnection[Any], datetime, int], Awaitable[list[Media]]]


@every("23 * * * *")
async def clean(deps: Deps) -> None:
    """Delete uploads that no post has held for a day, and copies older than their retention."""
    now = clock.now()
    loose = await prune(deps.pool, deps.storage, media.unattached, now - UNATTACHED)
    old, days = 0, deps.settings.media_retention
    if days:
        old = await prune(deps.pool, deps.storage, media.old_copies, now - timedelta(days=days))
    if loose or old:
        _log.info("deleted %d uploads that no post holds and %d copies of remote files", loose, old)


async def prune(pool: Pool, storage: Storage, find: Find, before: datetime) -> int:
    """Delete what `find` finds, some at a time, the bytes before the row; return how many files that were."""
    count = 0
    while True:
        async with pool.connection() as connection, connection.transaction():
            found = await find(connection, before, BATCH)
            held = await _held_after_all(connection, found)
            gone = [row for row in found if row.id not in held]
            for row in gone:
                await _delete(storage, row)
            await media.remove(connection, [row.id for row in gone])
        count += len(gone)
        if len(found) < BATCH:
            return count


async def _held_after_all(connection: AsyncConnection[Any], found: Sequence[Media]) -> Collection[int]:
    """Note again which uploads a post shows: one whose saying seemed to fail, and was in the log all the same."""
    uploads = {row.id: row.account_id for row in found if row.purpose == "attachment" and row.account_id is not None}
    if not uploads:
        return ()
    held = await attached.holders(connection, set(uploads.values()), uploads)
    for media_id, status_id in held.items():
        await media.attach(connection, [media_id], account_id=uploads[media_id], status_id=status_id)
    return held


async def _delete(storage: Storage, row: Media) -> None:
    for key in (row.storage_key, row.preview_key):
        if key:
            await storage.delete(key)
