"""Local actors remembered in this process, by name: other servers ask for the same few again and again.

What the views tell of an account forgets it. What was read while anything was told is not remembered.
"""

from psycopg_pool import AsyncConnectionPool

from fedi.registry.rows import Connection
from fedi.touched import Touched
from fedi.views import documents
from fedi.views.documents import Actor
from fedi.views.progress import Progress
from fedi.views.stamp_memory import keep

CAPACITY = 2_000
"""Actors that a process remembers; a document is 2 to 4 KB."""


class ActorMemory:
    """The local actors of one process."""

    def __init__(self, pool: AsyncConnectionPool[Connection], progress: Progress) -> None:
        self._pool = pool
        self._progress = progress
        self._actors: dict[str, Actor] = {}
        self._names: dict[int, str] = {}
        self._epoch = 0
        progress.tell(self._forget)

    async def named(self, name: str) -> Actor | None:
        """Return a local account by its name, whatever the case."""
        key = name.lower()
        known = self._actors.get(key) if self._progress.is_followed else None
        if known is not None:
            return known
        epoch = self._epoch
        async with self._pool.connection() as connection:
            found = await documents.actor(connection, name)
        if found is not None and epoch == self._epoch:
            keep(self._actors, key, found, CAPACITY)
            keep(self._names, found.id, key, CAPACITY)
        return found

    def _forget(self, touched: Touched) -> None:
        self._epoch += 1
        if touched.everything:
            self._actors.clear()
            self._names.clear()
        for account_id in touched.accounts:
            self._actors.pop(self._names.pop(account_id, ""), None)
