"""Reading one's own writes: the last position each person wrote, so that their next reads wait for it.

Who posts again need not wait for their last post, as only their number of statuses changed with it: after a post that
is remembered too.

Kept in this process and, for the other web processes, in Redis with a short life (`write_marks`). A new post is
answered before Redis has its position, for there is a mark, which was set while it was committed: who finds one waits
for all that the log holds. Redis may be away: then only a read that another process answers within a moment of the
write can miss it, and nobody is kept from writing.
"""

import asyncio
import contextlib
import functools
import logging
import sys
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from copy import copy
from time import monotonic
from typing import Any, TypeVar

from redis.asyncio import Redis
from redis.exceptions import RedisError

from fedi.log import lookup
from fedi.registry.pool import Pool
from fedi.views.progress import Views
from fedi.views.write_marks import LIFE, NOTHING, Last, Marks, keys

KEPT = 10_000
"""People remembered in the process; the longest known are forgotten first."""

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Writing:
    """What somebody writes; `last` is where it stands, once that is known."""

    def __init__(self, marking: Callable[[], Coroutine[Any, Any, Last | None]]) -> None:
        self._marking = marking
        self.marked: asyncio.Future[Last | None] | None = None
        self.last = NOTHING

    @property
    def is_marked(self) -> bool:
        """Whether others can see it."""
        marked = self.marked
        return marked is not None and marked.done() and not marked.cancelled() and marked.result() is not None

    def begin(self) -> "asyncio.Future[Last | None]":
        """Begin to let others see it."""
        if self.marked is None:
            self.marked = asyncio.ensure_future(self._marking())
        return self.marked

    async def before(self) -> Last | None:
        """Wait until others can see it, which must be so before it is answered, and return what was written before.

        That is None where Redis cannot be asked; then it is not marked either.
        """
        return await asyncio.shield(self.begin())

    def stands(self, position: int, statuses: int) -> None:
        """Say where a new post stands, and how many statuses the person has with it."""
        self.last = Last(position, statuses)


class Written:
    """Who wrote what last."""

    def __init__(self, redis: Redis, pool: Pool, progress: Views) -> None:
        self._marks = Marks(redis)
        self._pool = pool
        self._progress = progress
        self._own: OrderedDict[int, tuple[Last, float]] = OrderedDict()
        self._unknown = 0
        self._telling: set[asyncio.Task[None]] = set()

    def on_standby(self, standby: Views) -> "Written":
        """Return the same for who reads views there. What Redis cannot tell they have not: the primary is not far."""
        other = copy(self)
        other._progress, other._unknown = standby, sys.maxsize
        return other

    @contextlib.asynccontextmanager
    async def writing(self, account_id: int) -> AsyncIterator[Writing]:
        """Let others know what a person writes in the block: that they do, from `Writing.begin` on, and then what.

        Nobody waits for the latter if the former is known.
        """
        mark = self._marks.new()
        writing = Writing(functools.partial(self._set, account_id, mark))
        try:
            yield writing
        finally:
            if writing.last != NOTHING:
                self._keep(account_id, writing.last)
            is_marked = writing.is_marked
            telling = asyncio.ensure_future(self._tell_of(account_id, writing, mark))
            self._telling.add(telling)
            telling.add_done_callback(self._telling.discard)
            if writing.last != NOTHING and not is_marked:
                await telling

    async def note(self, account_id: int, position: int, within: float = 1.0) -> bool:
        """Remember that a person wrote the event at `position` and wait for the views; tell whether they hold it.

        When they do not, the caller answers from what it wrote, and the person's next read waits again.
        """
        await self.remember(account_id, position)
        return await self._progress.wait_for(position, within)

    async def remember(self, account_id: int, position: int) -> None:
        """Remember that a person wrote the event at `position`: their next read waits for it."""
        last = Last(position)
        self._keep(account_id, last)
        await self._tell(account_id, last)

    async def catch_up(self, account_id: int, within: float = 1.0) -> bool:
        """Wait, before a person reads, until the views hold what that person wrote last."""
        position = max(self._in_process(account_id).position, (await self._in_redis(account_id)).position)
        return await self._progress.wait_for(position, within)

    async def look(self, account_id: int, reading: Callable[[], Awaitable[T]], within: float = 1.0) -> tuple[T, int]:
        """Return what a person reads before they post, and a position that the views held when it was read.

        What they wrote here before is waited for, unless it was a post; see `since`.
        """
        own = self._in_process(account_id)
        if own.statuses is None:
            await self._progress.wait_for(own.position, within)
        held = self._progress.reached if own.statuses is not None else max(own.position, self._progress.reached)
        return await reading(), held

    def since(self, account_id: int, held: int, before: Last | None) -> Last | None:
        """Return what a person wrote last if it is later than what the views `held` when something was read.

        `before` is what Redis told of it (`Writing.before`).
        """
        last = max(self._in_process(account_id), before or NOTHING, key=lambda each: each.position)
        return last if last.position > held else None

    async def all_said(self, within: float = 1.0) -> bool:
        """Wait until the views hold all that the log holds now, whoever wrote it; tell whether they do."""
        return await self._progress.wait_for(await self._head(), within)

    def last_known(self, account_id: int) -> tuple[tuple[str, str], int]:
        """Return where Redis holds that a person writes, and what they wrote last; and the last position known here."""
        return keys(account_id), self._in_process(account_id).position

    async def _head(self) -> int:
        async with self._pool.connection() as connection:
            return await lookup.last_position(connection)

    def _keep(self, account_id: int, last: Last) -> None:
        if last.position < self._in_process(account_id).position:
            return  # of two requests at once the one that stands first may be answered last
        self._own[account_id] = (last, monotonic())
        self._own.move_to_end(account_id)
        if len(self._own) > KEPT:
            self._own.popitem(last=False)

    async def _set(self, account_id: int, mark: str) -> Last | None:
        """Never fail: the post to which it belongs may be in the log already."""
        try:
            return await self._known(self._marks.set(account_id, mark))
        except Exception:
            _log.exception("what a person wrote before is not known")
            return None

    async def _tell_of(self, account_id: int, writing: Writing, mark: str) -> None:
        if writing.marked is not None:
            await asyncio.wait([writing.marked])  # or the mark could be set after it was taken back
        if writing.marked is not None or writing.last != NOTHING:
            await self._tell(account_id, writing.last, mark)

    async def _tell(self, account_id: int, last: Last, mark: str = "") -> None:
        try:
            await self._marks.tell(account_id, last, mark)
        except RedisError as error:
            _log.warning("a person's last position is known to this process alone: %s", error)

    def _in_process(self, account_id: int) -> Last:
        last, at = self._own.get(account_id, (NOTHING, 0.0))
        return last if monotonic() - at < LIFE else NOTHING

    async def _in_redis(self, account_id: int) -> Last:
        return await self._known(self._marks.ask(account_id)) or Last(self._unknown)

    async def _known(self, asking: Awaitable[Last | None]) -> Last | None:
        """Return what somebody wrote last, all that was said if that is not known yet; None where Redis is away."""
        try:
            last = await asking
        except (RedisError, ValueError) as error:
            _log.warning("a person's last position is not known: %s", error)
            return None
        return Last(await self._head()) if last is None else last
