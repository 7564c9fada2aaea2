"""Says that people are here, so that the projector keeps their home timelines and tells what comes to them."""

import logging
import time
from collections.abc import Collection

from redis.asyncio import Redis
from redis.exceptions import RedisError

from fedi import homes

REFRESH = 30.0
"""Seconds after which it is said again: Redis may have forgotten everything meanwhile."""
_log = logging.getLogger(__name__)


async def are_here(redis: Redis, accounts: Collection[int]) -> None:
    """Count accounts among the readers; who has no whole timeline gets one. If Redis is away, this is said again."""
    if not accounts:
        return
    try:
        known, now = list(accounts), int(time.time())
        async with redis.pipeline(transaction=False) as pipe:
            for account in known:
                pipe.zadd(homes.readers(homes.slice_of(account)), {str(account): now})
                pipe.sismember(homes.filled(homes.slice_of(account)), str(account))
            answers = await pipe.execute()
            for account, whole in zip(known, answers[1::2], strict=True):
                if not whole:
                    pipe.sadd(homes.wanted(homes.slice_of(account)), str(account))
            await pipe.execute()
    except RedisError as error:
        _log.warning("could not say who listens: %s", error)
