"""The home timeline: from Redis where it is whole and new enough, else from the query that defines it."""

import logging
from time import time
from typing import Any, cast

import msgspec
from psycopg.sql import SQL
from redis.asyncio import Redis
from redis.exceptions import RedisError

from fedi import homes
from fedi.registry.rows import Connection, numbers
from fedi.sql import queries
from fedi.views.compose import flat
from fedi.views.pages import Page

_SQL = queries(__file__)
_HIGHEST = 2**63 - 1
_SEEN_EVERY = 3600
"""Seconds after which it is written down anew that somebody reads: not at every page, that would be a write each."""
_READ = """
local readers, filled, cursor, wanted, writing, written, key = unpack(KEYS)
local reader, now, again, newest, oldest, limit, upwards, length, needed = unpack(ARGV)
local seen = redis.call('ZSCORE', readers, reader)
if not seen or tonumber(now) - tonumber(seen) > tonumber(again) then redis.call('ZADD', readers, now, reader) end
if redis.call('SISMEMBER', filled, reader) == 0 then
  redis.call('SADD', wanted, reader)
  return false
end
if redis.call('EXISTS', writing) == 1 then return false end
needed = math.max(tonumber(needed), tonumber(string.match(redis.call('GET', written) or '0', '^%d+')))
local position = redis.call('GET', cursor)
if tonumber(position or 0) < needed then return false end
local whole = redis.call('ZCARD', key) < tonumber(length)
if upwards == '1' then
  if not whole and redis.call('ZLEXCOUNT', key, oldest, '+') == 0 then return false end
  return {position, redis.call('ZREVRANGEBYLEX', key, oldest, newest, 'LIMIT', 0, limit)}
end
local ids = redis.call('ZRANGEBYLEX', key, newest, oldest, 'LIMIT', 0, limit)
if not whole and #ids < tonumber(limit) then return false end
return {position, ids}
"""
_NEAR = {
    "downwards": flat(_SQL["near"].format(order=SQL("DESC"))),
    "upwards": flat(_SQL["near"].format(order=SQL("ASC"))),
}
_ENOUGH = 4
"""Of so many times as much as a page holds, a page is likely to be shown at home."""
_log = logging.getLogger(__name__)


class Part(msgspec.Struct, frozen=True):
    """A page of ids, the newest first, of a timeline that is written up to a position."""

    ids: list[int]
    position: int


class HomeTimelines:
    """Reads the timelines that the projector keeps in Redis."""

    def __init__(self, redis: Redis) -> None:
        self._read = redis.register_script(_READ)

    async def page(self, viewer: int, page: Page, written: tuple[str, str], needed: int) -> Part | None:
        """Return a page; None where Redis cannot answer and Postgres must.

        That is: nobody has read this timeline lately (it is filled soon), the page reaches beyond what Redis holds, the
        timelines are not yet written up to position `needed` or what the keys `written` tell, or Redis is away.
        """
        newest = f"({homes.member(page.max_id)}" if page.max_id is not None else "-"
        lowest = page.min_id if page.min_id is not None else page.since_id
        oldest = f"({homes.member(lowest)}" if lowest is not None else "+"
        upwards, each = page.min_id is not None, homes.slice_of(viewer)
        try:
            found = await self._read(
                keys=[
                    homes.readers(each),
                    homes.filled(each),
                    homes.cursor(each),
                    homes.wanted(each),
                    *written,
                    homes.timeline(viewer),
                ],
                args=[viewer, int(time()), _SEEN_EVERY, newest, oldest, page.limit, int(upwards), homes.LENGTH, needed],
            )
            if found is None:
                return None
            position, ids = cast("tuple[Any, list[Any]]", found)
            return Part(page.turned([*map(homes.status, ids)]), int(position))
        except (RedisError, ValueError) as error:
            _log.warning("a home timeline is read from Postgres: %s", error)
            return None


async def home(connection: Connection, viewer: int, page: Page) -> list[int]:
    """Return a page of the viewer's home timeline as the views define it, the newest first.

    Most often it is among what was said nearest to its beginning. Asked for at once, all rules are applied to as many
    posts of each whom the viewer follows as the page holds: that took 0.5 s for who follows a thousand.
    """
    name, bound = ("downwards", "above") if page.min_id is None else ("upwards", "below")
    lowest = page.min_id if page.min_id is not None else page.since_id
    bounds = {"below": page.max_id if page.max_id is not None else _HIGHEST, "above": lowest or 0}
    given = {**bounds, "viewer": viewer, "limit": page.limit}
    for near in await numbers(connection, _NEAR[name], {**given, "enough": _ENOUGH * page.limit}):
        found = await numbers(connection, _SQL[name], {**given, bound: near})
        if len(found) == page.limit:
            return page.turned(found)
    return page.turned(await numbers(connection, _SQL[name], given))
