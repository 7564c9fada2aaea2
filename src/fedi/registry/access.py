"""Who is asking: from a token in clear to its `Viewer`, remembered for a second.

The API and the streams look every request's token up here. The second is short enough that a revoked token is refused
everywhere within two. Whoever has to be looked up takes all others along who asked since they were: many busy clients
cost a query a second together, and not one each.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import msgspec
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from fedi.clock import Clock
from fedi.registry.secrets import digest
from fedi.registry.tokens import Viewer, touch, viewers

LIFE = 1.0
"""Seconds for which a token's viewer is remembered."""
CAPACITY = 10_000
TOGETHER = 200
"""Tokens looked up at once."""
TOUCHED = timedelta(hours=1)
"""How exact the time of last use is kept."""


class _Known(msgspec.Struct, frozen=True):
    viewer: Viewer
    until: float


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
        self._known: dict[str, _Known] = {}
        self._asking: dict[str, None] = {}
        """Tokens that were used since they were taken along, the longest ago first."""
        self._forgotten = 0

    async def viewer(self, token: str) -> Viewer | None:
        """Return who stands behind a token, revoked or not; None if there never was such a token."""
        known = self._known.get(token)
        if known is not None and known.until > self._monotonic():
            self._asking[token] = None
            return known.viewer
        return await self._look_up(token)

    def lately(self, token: str) -> Viewer | None:
        """Return who stood behind a token when it was last looked up here: what they may do now, `viewer` tells."""
        known = self._known.get(token)
        return None if known is None else known.viewer

    def forget(self, token: str) -> None:
        """Look this token up anew next time: it has just been revoked here."""
        self._forgotten += 1
        self._known.pop(token, None)

    async def _look_up(self, token: str) -> Viewer | None:
        began, forgotten, moment = self._monotonic(), self._forgotten, self._clock()
        digests = {each: digest(each) for each in (token, *self._companions(token, began))}
        async with self._pool.connection() as connection:
            found = await viewers(connection, digests.values())
            used = [each.token_id for each in found.values() if is_due(each, moment)]
            if used:
                await touch(connection, used, moment)
        if len(self._known) + len(digests) > CAPACITY:
            self._known.clear()
            self._asking.clear()
        for each, hashed in digests.items():
            viewer = found.get(hashed)
            if viewer is None or viewer.revoked:
                self._known.pop(each, None)
            elif forgotten == self._forgotten:
                self._known[each] = _Known(viewer, began + LIFE)
        if token in self._known:
            self._asking[token] = None
        return found.get(digests[token])

    def _companions(self, token: str, now: float) -> list[str]:
        """Return which other tokens are worth to be looked up too: those in use that were not just looked up."""
        self._asking.pop(token, None)
        taken = []
        for each in list(islice(self._asking, TOGETHER)):
            known = self._known.get(each)
            if known is None or known.until < now + LIFE / 2:
                del self._asking[each]
                if known is not None:
                    taken.append(each)
        return taken


def is_due(viewer: Viewer, moment: datetime) -> bool:
    """Tell whether it is to be noted that a token is used."""
    return not viewer.revoked and (viewer.last_used_at is None or moment - viewer.last_used_at > TOUCHED)
