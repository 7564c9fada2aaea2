"""What web processes tell each other of who wrote what last: in Redis, where it is forgotten after a while.

Whoever writes leaves a mark before they are answered, and takes it back when they have told where it stands. So nobody
has to wait until that is told: who finds a mark knows that there may be more than Redis can tell.
"""

import secrets
from itertools import count
from typing import NamedTuple

from redis.asyncio import Redis

LIFE = 60
"""Seconds it is remembered; the views are seconds behind at most, or everybody sees that they are. An append that takes
longer has no client any more."""

_SET = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2]) -- of who died, while the person went on elsewhere
local marks = redis.call('ZRANGE', KEYS[1], 0, -1)
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
return {marks, redis.call('GET', KEYS[2])}
"""
_TELL = """
local before = tonumber(string.match(redis.call('GET', KEYS[2]) or '', '^%d+') or 0)
if tonumber(string.match(ARGV[2], '^%d+') or 0) >= before and ARGV[2] ~= '' then
  redis.call('SET', KEYS[2], ARGV[2], 'EX', ARGV[3])
end
redis.call('ZREM', KEYS[1], ARGV[1])
"""
_ASK = "return {redis.call('ZRANGE', KEYS[1], 0, -1), redis.call('GET', KEYS[2])}"


class Last(NamedTuple):
    """What somebody wrote last: where, and how many statuses they had with it, if it was a post."""

    position: int
    statuses: int | None = None


NOTHING = Last(0)


class Marks:
    """The marks of this process, and what others tell. Every method raises RedisError when Redis is away."""

    def __init__(self, redis: Redis) -> None:
        self._set = redis.register_script(_SET)
        self._tell = redis.register_script(_TELL)
        self._ask = redis.register_script(_ASK)
        self._process = secrets.token_hex(8)
        self._numbers = count()

    def new(self) -> str:
        """Return a mark that nobody else has."""
        return f"{self._process}:{next(self._numbers)}"

    async def set(self, account_id: int, mark: str) -> Last | None:
        """Let others know that a person is about to write, and return what they wrote before, as `ask` does."""
        return self._understood(*await self._set(keys=keys(account_id), args=[mark, LIFE]))

    async def tell(self, account_id: int, last: Last, mark: str = "") -> None:
        """Let others know what a person wrote, if it is anything, and take the mark back that was set before it."""
        said = " ".join(str(each) for each in last if each is not None) if last != NOTHING else ""
        await self._tell(keys=keys(account_id), args=[mark, said, LIFE])

    async def ask(self, account_id: int) -> Last | None:
        """Return what a person wrote last; None where another process is about to write for them, or just has.

        Raises ValueError if Redis holds something else there.
        """
        return self._understood(*await self._ask(keys=keys(account_id)))

    def _understood(self, marks: list[bytes], said: bytes | None) -> Last | None:
        if any(mark.decode().partition(":")[0] != self._process for mark in marks):
            return None
        return Last(*map(int, said.split())) if said else NOTHING


def keys(account_id: int) -> tuple[str, str]:
    """Return the Redis keys of a person's marks and of what they wrote last."""
    return f"fedi:writing:{account_id}", f"fedi:written:{account_id}"
