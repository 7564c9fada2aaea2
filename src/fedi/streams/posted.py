"""Hands what somebody posts to all processes that tell it: whoever answered its author knows how it looks.

That is while the projector folds it. To read it afterwards would take each process as long as everything else between
the fold and the sockets. Only what everybody sees alike is handed over. Where it is lost, or late, it is read.
"""

import asyncio
import logging
from time import monotonic

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from fedi.views.accounts import AccountRow
from fedi.views.listeners import ANYBODY, seen_by
from fedi.views.statuses import Status

CHANNEL = "fedi:stream:posted"
"""The Redis channel on which posts are handed over; only processes with home readers listen to it."""
CLOSE_SECONDS = 0.01
"""What is posted so soon after something else shares its batch, and is read with it."""
ALONE_SECONDS = 1.0
"""How long nothing is handed over after nobody else heard of something."""
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Status).decode
_log = logging.getLogger(__name__)


class Handing:
    """Hands over what this process answered with."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._next = 0.0
        self._under_way: asyncio.Task[None] | None = None

    @property
    def is_due(self) -> bool:
        """Whether a post is to be handed over: not where much is posted, or nobody else would hear."""
        return monotonic() >= self._next

    def hand_over(self, posted: Status, *, also_here: bool) -> None:
        """Hand over a post soon, if it is due; `also_here` tells that this process would hear of it too."""
        if self.is_due:
            self._next = float("inf")
            self._under_way = asyncio.create_task(self._publish(_encode(posted), 1 if also_here else 0))

    async def end(self) -> None:
        """Let go of what is under way."""
        if self._under_way is not None:
            self._under_way.cancel()
            await asyncio.wait([self._under_way])

    async def _publish(self, said: bytes, we: int) -> None:
        heard = 0
        try:
            heard = await self._redis.publish(CHANNEL, said)
        except RedisError as error:
            _log.warning("what is posted is read by each process: %s", error)
        finally:
            self._next = monotonic() + (CLOSE_SECONDS if heard > we else ALONE_SECONDS)


def is_told_alike(shown: Status) -> bool:
    """Tell whether a new post looks the same to all who have it at home."""
    return shown.row.visibility == "public" and shown.row.in_reply_to_id is None and shown.quote is None


def for_all(shown: Status) -> Status:
    """Return a new post as nobody in particular sees it, of what its author is shown."""
    seen = seen_by(shown, ANYBODY, {}, {})
    account = AccountRow(**{name: getattr(shown.account, name) for name in AccountRow.__struct_fields__})
    row = msgspec.structs.replace(seen.row, filters_version=None)
    return msgspec.structs.replace(seen, row=row, account=account, viewer=None, filtered=())


def understood(message: bytes) -> Status:
    """Return a post that was handed over. Raises msgspec.DecodeError, as of what a newer program says."""
    return _decode(message)
