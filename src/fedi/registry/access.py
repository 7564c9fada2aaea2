"""Who is asking: from a token in clear to its `Viewer`, remembered for a second.

The API and the streams look every request's token up here. The second is short enough that a revoked token is refused
everywhere within two, and long enough that a busy client costs one query a second and not one a request.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from fedi.clock import Clock
from fedi.registry.secrets import digest
from fedi.registry.tokens import Viewer, touch, viewer

LIFE = 1.0
"""Seconds for which a token's viewer is remembered."""
CAPACITY = 10_000
TOUCHED = timedelta(hours=1)
"""How exact the time of last use is kept."""


class Access:
    """Looks tokens up in the registry; one per process."""

    def __init__(
        self,
        pool: AsyncConnectionPool[AsyncConnection[Any]],
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pool = pool
        self._clock = clock
        self._monotonic = monotonic
        self._known: dict[str, tuple[float, Viewer]] = {}

    async def viewer(self, token: str) -> Viewer | None:
        """Return who stands behind a token, revoked or not; None if there never was such a token."""
        known = self._known.get(token)
        if known is not None and known[0] > self._monotonic():
            return known[1]
        found = await self._look_up(token)
        if found is not None and not found.revoked:
            if len(self._known) >= CAPACITY:
                self._known.clear()
            self._known[token] = (self._monotonic() + LIFE, found)
        return found

    def forget(self, token: str) -> None:
        """Look this token up anew next time: it has just been revoked here."""
        self._known.pop(token, None)

    async def _look_up(self, token: str) -> Viewer | None:
        moment = self._clock()
        async with self._pool.connection() as connection:
            found = await viewer(connection, digest(token))
            if found is None or found.revoked:
                return found
            if found.last_used_at is None or moment - found.last_used_at > TOUCHED:
                await touch(connection, found.token_id, moment)
        return found
