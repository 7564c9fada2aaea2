"""Reading one's own writes: the last position each person wrote, so that their next reads wait for it.

Who posts again need not wait for their last post, as only their number of statuses changed with it: after a post that
is remembered too.

Kept in this process and, for the other web processes, in Redis with a short life. Redis may be away: then only a read
that another process answers within a moment of the write can miss it, and nobody is kept from writing.
"""

import asyncio
import logging
import sys
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import NamedTuple, TypeVar

from redis.asyncio import Redis
from redis.exceptions import RedisError

from fedi.views.progress import Views

LIFE = 60
"""Seconds a position is remembered; the views are seconds behind at most, or everybody sees that they are."""
KEPT = 10_000
"""People remembered in the process; the longest known are forgotten first."""

T = TypeVar("T")
_log = logging.getLogger(__name__)


class _Last(NamedTuple):
    """What somebody wrote last: where, and how many statuses they had with it, if it was a post."""

    position: int
    statuses: int | None = None


_NOTHING = _Last(0)


class Written:
    """Who wrote what last."""

    def __init__(self, redis: Redis, progress: Views) -> None:
        self._redis = redis
        self._progress = progress
        self._own: OrderedDict[int, tuple[_Last, float]] = OrderedDict()
        self._unknown = 0

    def on_standby(self, standby: Views) -> "Written":
        """Return the same for who reads views there. What Redis cannot tell they have not: the primary is not far."""
        other = Written(self._redis, standby)
        other._own, other._unknown = self._own, sys.maxsize
        return other

    async def note(self, account_id: int, position: int, within: float = 1.0) -> bool:
        """Remember that a person wrote the event at `position` and wait for the views; tell whether they hold it.

        When they do not, the caller answers from what it wrote, and the person's next read waits again.
        """
        await self.remember(account_id, position)
        return await self._progress.wait_for(position, within)

    async def remember(self, account_id: int, position: int, statuses: int | None = None) -> None:
        """Remember that a person wrote the event at `position`: their next read waits for it.

        `statuses` is how many statuses they have with it, if it was a new post.
        """
        self._own[account_id] = (_Last(position, statuses), monotonic())
        self._own.move_to_end(account_id)
        if len(self._own) > KEPT:
            self._own.popitem(last=False)
        try:
            said = position if statuses is None else f"{position} {statuses}"
            await self._redis.set(_key(account_id), said, ex=LIFE)
        except RedisError as error:
            _log.warning("a person's last position is known to this process alone: %s", error)

    async def catch_up(self, account_id: int, within: float = 1.0) -> bool:
        """Wait, before a person reads, until the views hold what that person wrote last."""
        position = max(self._in_process(account_id).position, (await self._in_redis(account_id)).position)
        return await self._progress.wait_for(position, within)

    async def read_to_post(
        self, account_id: int, reading: Callable[[], Awaitable[T]], within: float = 1.0
    ) -> tuple[T, int | None]:
        """Return what a person reads before they post, once the views hold what that person wrote last.

        It is read while Redis is asked what that was, and once more if the views did not hold that yet. Posts are not
        waited for: then the second is how many statuses the person has, if the views may not hold all of them.
        """
        own = self._in_process(account_id)
        if own.statuses is None:
            await self._progress.wait_for(own.position, within)
        held = self._progress.reached if own.statuses is not None else max(own.position, self._progress.reached)
        asking = asyncio.ensure_future(self._in_redis(account_id))
        try:
            found = await reading()
        except BaseException:
            asking.cancel()
            raise
        last = max(own, await asking, key=lambda each: each.position)
        if last.position <= held:
            return found, None
        if last.statuses is not None:
            return found, last.statuses
        await self._progress.wait_for(last.position, within)
        return await reading(), None

    async def reached(self, position: int, within: float = 1.0) -> bool:
        """Wait until the views hold the event at a position, whoever wrote it; tell whether they do."""
        return await self._progress.wait_for(position, within)

    def last_known(self, account_id: int) -> tuple[str, int]:
        """Return the Redis key of the last position a person wrote, and the last this process saw them write."""
        return _key(account_id), self._in_process(account_id).position

    def _in_process(self, account_id: int) -> _Last:
        last, at = self._own.get(account_id, (_NOTHING, 0.0))
        return last if monotonic() - at < LIFE else _NOTHING

    async def _in_redis(self, account_id: int) -> _Last:
        try:
            return _Last(*map(int, (await self._redis.get(_key(account_id)) or b"0").split()))
        except (RedisError, ValueError) as error:
            _log.warning("a person's last position is not known: %s", error)
            return _Last(self._unknown)


def _key(account_id: int) -> str:
    return f"fedi:written:{account_id}"
