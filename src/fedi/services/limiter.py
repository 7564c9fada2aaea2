"""Counts what people do in a while, in Redis, so that all processes count together.

Windows are fixed and lie alike for everybody, as Mastodon's do. What many requests count at the same moment goes to
Redis in one round trip; while it is under way, the next lot gathers. Whoever is beyond a limit is remembered here until
the window ends, so that a flood costs Redis nothing. Redis away means no counting, not no service.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from redis.asyncio import Redis

from fedi.clock import Clock
from fedi.errors import ClientError

_COUNT = """
local counts = {}
for index, key in ipairs(KEYS) do
  local count = redis.call('INCR', key)
  if count == 1 then redis.call('EXPIRE', key, ARGV[index]) end
  counts[index] = count
end
return counts
"""
_REMEMBERED = 50_000
_log = logging.getLogger(__name__)


class TooManyRequestsError(ClientError):
    """Too many requests"""

    status = 429


class Limit(msgspec.Struct, frozen=True):
    """So many times in so many seconds."""

    name: str
    amount: int
    seconds: int


class Count(msgspec.Struct, frozen=True):
    """How often something was done in the window that ends at `resets_at`, this time included."""

    limit: Limit
    used: int
    resets_at: datetime

    @property
    def remaining(self) -> int:
        return max(0, self.limit.amount - self.used)

    @property
    def exceeded(self) -> bool:
        return self.used > self.limit.amount


MAILS = Limit("mails", 5, 3600)
"""Mails with links that go to one mailbox, whoever asks and from wherever."""
ATTEMPTS = Limit("attempts", 25, 300)
"""Sign-ups, sign-ins and requests for mail from one address."""
PASSWORD_CHANGES = Limit("password_changes", 10, 600)
"""Changes of one person's password or address."""
THREADS = Limit("threads", 120, 3600)
"""Threads that are completed for one person: each may make us ask some hundred times elsewhere."""
LOOKUPS = Limit("lookups", 60, 300)
"""Addresses, handles and profiles that one person has looked up elsewhere, from our pages or by looking at them."""
Counted = tuple[Limit, str]
"""A limit, and who is counted under it."""
Counts = tuple[Count, ...]


class _Waiting(msgspec.Struct, frozen=True):
    keys: tuple[str, ...]
    lives: tuple[int, ...]
    answer: asyncio.Future[list[int]]


class Limiter:
    """The counters; one per process."""

    def __init__(self, redis: Redis, clock: Clock) -> None:
        self._count = redis.register_script(_COUNT)
        self._clock = clock
        self._waiting: list[_Waiting] = []
        self._sending: asyncio.Task[None] | None = None
        self._beyond: dict[str, float] = {}
        self._away = False

    def begin(self, counted: Sequence[Counted]) -> "Counting":
        """Begin to count; the answer may be awaited when it is needed."""
        moment = self._clock().timestamp()
        ends = tuple((int(moment) // limit.seconds + 1) * limit.seconds for limit, _ in counted)
        keys = tuple(f"fedi:limit:{limit.name}:{who}:{end}" for (limit, who), end in zip(counted, ends, strict=True))
        limits = tuple(limit for limit, _ in counted)
        known = [self._beyond.get(key, 0.0) > moment for key in keys]
        if any(known):
            used = [limit.amount + 1 if beyond else 0 for limit, beyond in zip(limits, known, strict=True)]
            return Counting(self, limits, keys, ends, used)
        answer: asyncio.Future[list[int]] = asyncio.get_running_loop().create_future()
        lives = tuple(end - int(moment) + 1 for end in ends)
        self._waiting.append(_Waiting(keys, lives, answer))
        if self._sending is None:
            self._sending = asyncio.create_task(self._send())
        return Counting(self, limits, keys, ends, answer)

    async def count(self, counted: Sequence[Counted]) -> Counts:
        """Count, and return how often each was done; nothing while Redis is away."""
        return await self.begin(counted).counts()

    async def require(self, *counted: Counted) -> None:
        """Count. Raises TooManyRequestsError beyond a limit."""
        if any(count.exceeded for count in await self.count(counted)):
            raise TooManyRequestsError

    def remember(self, key: str, until: float) -> None:
        """Remember until the end of a window that a counter is beyond its limit."""
        if len(self._beyond) >= _REMEMBERED:
            self._beyond.clear()
        self._beyond[key] = until

    async def _send(self) -> None:
        try:
            while self._waiting:
                lot, self._waiting = self._waiting, []
                await self._send_lot(lot)
        finally:
            self._sending = None

    async def _send_lot(self, lot: list[_Waiting]) -> None:
        keys = [key for each in lot for key in each.keys]
        lives = [life for each in lot for life in each.lives]
        try:
            counts = await self._count(keys=keys, args=lives)
        except Exception as error:  # whatever it is, requests go on uncounted rather than wait for ever
            self._tell("requests are not counted while Redis is away: %s", error)
            counts = []
        else:
            self._away = False
        place = 0
        for each in lot:
            if not each.answer.done():
                each.answer.set_result(counts[place : place + len(each.keys)])
            place += len(each.keys)

    def _tell(self, text: str, error: Exception) -> None:
        """Say it once, not for every request."""
        if not self._away:
            _log.warning(text, error)
        self._away = True


class Counting:
    """What was begun to be counted for one request."""

    __slots__ = ("_ends", "_keys", "_limiter", "_limits", "_used")

    def __init__(
        self,
        limiter: Limiter,
        limits: tuple[Limit, ...],
        keys: tuple[str, ...],
        ends: tuple[int, ...],
        used: list[int] | asyncio.Future[list[int]],
    ) -> None:
        self._limiter = limiter
        self._limits = limits
        self._keys = keys
        self._ends = ends
        self._used = used

    async def counts(self) -> Counts:
        """Return how often each was done in its window; nothing while Redis is away."""
        used = self._used if isinstance(self._used, list) else await self._used
        counts = tuple(
            Count(limit, times, datetime.fromtimestamp(end, UTC))
            for limit, times, end in zip(self._limits, used, self._ends, strict=False)
        )
        for key, count, end in zip(self._keys, counts, self._ends, strict=False):
            if count.exceeded:
                self._limiter.remember(key, end)
        return counts
