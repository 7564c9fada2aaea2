"""The client of Redis that a process has."""

from redis.asyncio import Redis

from fedi.redis_clients import pooled

CONNECTIONS = 100
PATIENCE_SECONDS = 5


def open_redis(url: str) -> Redis:
    """Return a client; close it afterwards.

    Who finds all connections for pipelines taken waits for one. The client's own pool says in that case that Redis
    cannot be reached, and while Redis is away nobody counts who guesses passwords: a hundred guesses at once were free.
    """
    return pooled(url, CONNECTIONS, PATIENCE_SECONDS)
