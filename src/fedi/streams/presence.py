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
        await redis.zadd(homes.READERS, {str(account): int(time.time()) for account in accounts})
        known = list(accounts)
        filled = await redis.smismember(homes.FILLED, [str(account) for account in known])
        wanted = [account for account, whole in zip(known, filled, strict=True) if not whole]
        if wanted:
            await redis.sadd(homes.WANTED, *wanted)
    except RedisError as error:
        _log.warning("could not say who listens: %s", error)
