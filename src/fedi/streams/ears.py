"""One subscription to Redis per process, kept up: when Redis returns, it is listened to again within seconds.

Redis keeps nothing for those who are away. What was said meanwhile is lost to the streams, as clients expect (they read
by REST what they missed); but tokens that ended meanwhile must be found, so `returned` is called at each beginning, and
nothing is heard before it has succeeded.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
from psycopg_pool import PoolTimeout
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

QUIET = 2.0
"""Seconds of silence after which it is asked whether Redis is still there."""
PAUSE = 0.5
"""Seconds between attempts to reach it."""
_log = logging.getLogger(__name__)

Hear = Callable[[str, bytes], Awaitable[None]]


async def listen(
    redis: Redis, channels: Callable[[], frozenset[str]], hear: Hear, returned: Callable[[], Awaitable[None]]
) -> None:
    """Call `hear` with each message and its channel, one after the other, until cancelled.

    Which `channels` these are may change: within seconds that is so.
    """
    away = False
    while True:
        try:
            async with redis.pubsub() as pubsub:
                heard = channels()
                await pubsub.subscribe(*heard)
                await returned()
                away = False
                await _hear(pubsub, heard, channels, hear)
        except (RedisError, OSError, psycopg.OperationalError, PoolTimeout) as error:
            if not away:
                _log.warning("streams are silent until Redis and the database are there: %s", error)
            away = True
        except Exception:
            _log.exception("streams are silent, and begin anew")
        await asyncio.sleep(PAUSE)


async def _hear(pubsub: Any, heard: frozenset[str], channels: Callable[[], frozenset[str]], hear: Hear) -> None:
    asked = False
    while True:
        if heard != (wanted := channels()):
            await _listen_otherwise(pubsub, heard, wanted)
            heard = wanted
        message = await pubsub.get_message(timeout=QUIET)
        if message is None and asked:
            raise RedisConnectionError("it does not answer")
        asked = message is None
        if message is None:
            await pubsub.ping()
        elif message["type"] == "message":
            await _survive(hear(message["channel"].decode(), message["data"]))


async def _listen_otherwise(pubsub: Any, heard: frozenset[str], wanted: frozenset[str]) -> None:
    if new := wanted - heard:
        await pubsub.subscribe(*new)
    if old := heard - wanted:
        await pubsub.unsubscribe(*old)


async def _survive(work: Awaitable[None]) -> None:
    """Finish one piece of work; the streams outlive its failure."""
    try:
        await work
    except (psycopg.OperationalError, PoolTimeout) as error:
        _log.warning("the database is away, and streams miss something: %s", error)
    except Exception:
        _log.exception("streams miss something")
