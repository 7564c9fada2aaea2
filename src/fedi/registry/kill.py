"""Tells every process that tokens ended, so that open streams close and caches forget within two seconds.

Mastodon once checked tokens only when a stream was opened (GHSA-r2fh-jr9c-9pxh): a revoked token went on listening.
Announce after COMMIT. Redis away does not undo what was committed: the announcement is lost, and so are the streams,
which stand on Redis too; the token cache forgets within a second by itself.
"""

import logging
from collections.abc import Iterable

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

CHANNEL = "fedi:kill"


class Kill(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A message on the channel: these tokens, or everything of this account."""

    token_ids: tuple[int, ...] = ()
    account_id: int | None = None


async def kill_tokens(redis: Redis, token_ids: Iterable[int]) -> None:
    """Announce that tokens ended."""
    ended = tuple(token_ids)
    if ended:
        await _announce(redis, Kill(token_ids=ended))


async def kill_account(redis: Redis, account_id: int) -> None:
    """Announce that an account may do nothing more: suspended, disabled, or with another password."""
    await _announce(redis, Kill(account_id=account_id))


async def _announce(redis: Redis, kill: Kill) -> None:
    try:
        await redis.publish(CHANNEL, msgspec.json.encode(kill))
    except RedisError as error:
        log.warning("could not announce %s: %s", kill, error)
