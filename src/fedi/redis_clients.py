"""Clients of Redis, made of a URL: of one server, or of whichever of several is the master by what Sentinels say.

For Sentinels the URL is ours: `redis+sentinel://USER:PASSWORD@HOST:PORT,HOST:PORT/MASTER/DB?sentinel_password=…`. A
connection that is lost, or finds that its server is no master any more, is made again to the new one.
"""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

import msgspec
import redis
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.sentinel import Sentinel as AsyncSentinel
from redis.sentinel import Sentinel

from fedi.redis_line import SharingRedis

SCHEME = "redis+sentinel"
_Finder: Callable[..., Any] = Sentinel  # the library gives these no types
_AsyncFinder: Callable[..., Any] = AsyncSentinel
SENTINEL_SECONDS = 1.0
"""How long one Sentinel may take before the next is asked."""


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """A master that Sentinels watch: how to ask them, and how to sign in there."""

    sentinels: Sequence[tuple[str, int]]
    master: str
    db: int
    username: str | None
    password: str | None
    sentinel_password: str | None

    @property
    def asking(self) -> dict[str, Any]:
        """How the Sentinels are asked."""
        given: dict[str, Any] = {"socket_timeout": SENTINEL_SECONDS, "socket_connect_timeout": SENTINEL_SECONDS}
        return given | ({"password": self.sentinel_password} if self.sentinel_password else {})

    @property
    def signing_in(self) -> dict[str, Any]:
        """What the connections to the master begin with."""
        return {"db": self.db, "username": self.username, "password": self.password}


def sentinel_url(
    sentinels: Sequence[tuple[str, int]], master: str, db: int, password: str | None, sentinel_password: str | None
) -> str:
    """Write the URL of a master that Sentinels watch."""
    secret = f":{quote(password, safe='')}@" if password else ""
    hosts = ",".join(f"{host}:{port}" for host, port in sentinels)
    query = f"?{urlencode({'sentinel_password': sentinel_password})}" if sentinel_password else ""
    return f"{SCHEME}://{secret}{hosts}/{quote(master, safe='')}/{db}{query}"


def watched(url: str) -> Watched | None:
    """Return what a URL of ours for Sentinels says; None where it is one of a single server."""
    parts = urlsplit(url)
    if parts.scheme != SCHEME:
        return None
    credentials, _, hosts = parts.netloc.rpartition("@")
    username, _, password = credentials.partition(":")
    master, _, db = parts.path.strip("/").partition("/")
    return Watched(
        sentinels=[(host, int(port)) for host, _, port in (each.rpartition(":") for each in hosts.split(","))],
        master=unquote(master),
        db=int(db or 0),
        username=unquote(username) or None,
        password=unquote(password) or None,
        sentinel_password=next(iter(parse_qs(parts.query).get("sentinel_password", [])), None),
    )


def connected(url: str, **options: Any) -> redis.Redis:
    """Return a client for threads."""
    found = watched(url)
    if found is None:
        return redis.Redis.from_url(url, **options)
    finder = _Finder(found.sentinels, sentinel_kwargs=found.asking)
    client: redis.Redis = finder.master_for(found.master, **found.signing_in, **options)
    return client


def connecting(url: str, **options: Any) -> Redis:
    """Return a client for coroutines."""
    found = watched(url)
    return Redis.from_url(url, **options) if found is None else _master(found, options)


def pooled(url: str, most: int, patience: float) -> Redis:
    """Return a client for many coroutines at once, whose commands share a connection.

    Pipelines take one each; who finds `most` of them taken waits so many seconds for one. Through Sentinels there is no
    such limit: the library has no pool that waits for these.
    """
    found = watched(url)
    if found is None:
        return SharingRedis.from_pool(BlockingConnectionPool.from_url(url, max_connections=most, timeout=patience))
    return _master(found, {})


class _Following(SharingRedis):
    """Closes its connections to the Sentinels with those to the master."""

    sentinels: Sequence[Redis] = ()

    async def aclose(self, close_connection_pool: bool | None = None) -> None:
        await super().aclose(close_connection_pool)
        for each in self.sentinels:
            await each.aclose()


def _master(found: Watched, options: dict[str, Any]) -> Redis:
    finder = _AsyncFinder(found.sentinels, sentinel_kwargs=found.asking)
    client: _Following = finder.master_for(found.master, redis_class=_Following, **found.signing_in, **options)
    client.sentinels = finder.sentinels
    return client
