"""Says that people are here, so that the projector keeps their home timelines and tells what comes to them."""

import logging
import time
from collections import defaultdict
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
    known: defaultdict[int, list[str]] = defaultdict(list)
    for account in accounts:
        known[homes.slice_of(account)].append(str(account))
    now = int(time.time())
    try:
        async with redis.pipeline(transaction=False) as pipe:
            for each, here in known.items():
                pipe.zadd(homes.readers(each), dict.fromkeys(here, now))
                pipe.smismember(homes.filled(each), here)
            answers = await pipe.execute()
            for (each, here), whole in zip(known.items(), answers[1::2], strict=True):
                if missing := [account for account, is_whole in zip(here, whole, strict=True) if not is_whole]:
                    pipe.sadd(homes.wanted(each), *missing)
            await pipe.execute()
    except RedisError as error:
        _log.warning("could not say who listens: %s", error)
