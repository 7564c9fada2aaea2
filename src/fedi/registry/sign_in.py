"""Signing in with a name and a password, slowly enough that guessing does not pay.

Failures are counted in Redis, per login and per address; Redis away means no counting, not no signing in.
"""

import contextlib
from typing import Any

import msgspec
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from redis.asyncio import Redis
from redis.exceptions import RedisError

from fedi.callers import block_of
from fedi.errors import ClientError
from fedi.registry import users
from fedi.registry.passwords import LENGTH, password_matches
from fedi.registry.users import User

PER_LOGIN = 10
PER_ADDRESS = 50
"""Failures that are borne within the window; Mastodon bears 25 per address and 25 per login in the same sum."""
WINDOW = 900


class TooManyAttemptsError(ClientError):
    """Too many attempts to sign in. Please wait a quarter of an hour."""

    status = 429


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody typed, and where from."""

    login: str
    password: str
    address: str | None


async def sign_in(
    pool: AsyncConnectionPool[AsyncConnection[Any]], redis: Redis, attempt: Attempt, *, limited: bool
) -> User | None:
    """Return the user whose name and password these are; None if they are wrong, or the login is disabled.

    Raises TooManyAttemptsError. The time taken is the same whether or not there is such a user.
    """
    counters = _counters(attempt) if limited else []
    await _count(redis, counters)
    async with pool.connection() as connection:
        user = await users.by_login(connection, attempt.login)
    stored = user.password_hash if user else None
    matches = await password_matches(stored, attempt.password[: LENGTH.stop])
    if user is None or not matches or user.disabled:
        return None
    await _forgive(redis, counters)
    return user


async def count_code(redis: Redis, user: User) -> None:
    """Count a try at the second step, before it is judged. Raises TooManyAttemptsError."""
    await _count(redis, _counters_of_codes(user))


async def forgive_code(redis: Redis, user: User) -> None:
    """Do not count a code that was right."""
    await _forgive(redis, _counters_of_codes(user))


def _counters_of_codes(user: User) -> list[tuple[str, int]]:
    return [(f"sign_in:code:{user.id}", PER_LOGIN)]


def _counters(attempt: Attempt) -> list[tuple[str, int]]:
    counters = [(f"sign_in:login:{attempt.login.strip().lower()[:320]}", PER_LOGIN)]
    if attempt.address is not None:
        counters.append((f"sign_in:address:{block_of(attempt.address)}", PER_ADDRESS))
    return counters


async def _count(redis: Redis, counters: list[tuple[str, int]]) -> None:
    """Count before anything is judged: of a thousand guesses made at once each would else find nothing counted yet."""
    with contextlib.suppress(RedisError, ValueError):
        for name, limit in counters:
            if int(await redis.get(name) or 0) >= limit:
                raise TooManyAttemptsError
        for name, limit in counters:
            pipeline = redis.pipeline()
            pipeline.incr(name)
            pipeline.expire(name, WINDOW, nx=True)
            tried, _ = await pipeline.execute()
            if tried > limit:
                raise TooManyAttemptsError


async def _forgive(redis: Redis, counters: list[tuple[str, int]]) -> None:
    with contextlib.suppress(RedisError):
        for name, _ in counters:
            if await redis.decr(name) <= 0:
                await redis.delete(name)
