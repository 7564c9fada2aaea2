"""Home timelines. What home is, is one query over the views; Redis holds its newest part for those who are here.

The functions `home_timeline` and `home_readers` belong to a generation of the views like its tables. `Homes` keeps, for
everybody who was here lately, a sorted set of at most 800 ids in Redis, from which the API answers without SQL. It is
written after the views are committed, has a cursor of its own, and applying a batch twice changes nothing; whatever
could make a timeline differ from the query in another way than by a new status marks it, and it is filled again from
the query. While a timeline is not there, people read from Postgres.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, cast

from psycopg import Connection, Cursor

from fedi.events.accounts import AccountMuted, AccountUnmuted, FollowOptionsChanged
from fedi.events.lists import ListAccountsAdded, ListAccountsRemoved, ListDeleted, ListSaved
from fedi.events.tags import TagFollowed, TagUnfollowed
from fedi.facts import (
    AccountBlocked,
    AccountDeleted,
    AccountUnblocked,
    Entry,
    FollowAccepted,
    FollowEnded,
    ReplyLinked,
    StatusBoosted,
    StatusPublished,
)
from fedi.projections.announcements import Announcement
from fedi.projections.projection import Projection
from fedi.projections.public_streams import RECENT
from fedi.sql import queries

if TYPE_CHECKING:
    from redis import Redis

SQL = queries(__file__)
LENGTH = 800
READERS = "home:readers"
"""A sorted set: who reads, by the second they were last here."""
FILLED = "home:filled"
"""The set of those whose timeline in Redis is whole."""
WANTED = "home:wanted"
"""The set of those who read and found no timeline: they get one soon."""
CURSOR = "home:cursor"
HERE = 14 * 86400
"""Seconds for which somebody who was here keeps a timeline."""

_PUSH = """
for i = 2, #ARGV, 2 do
  if redis.call('SISMEMBER', KEYS[1], ARGV[i]) == 1 then
    local key = 'home:' .. ARGV[i]
    redis.call('ZADD', key, 0, ARGV[i + 1])
    redis.call('ZREMRANGEBYRANK', key, 0, -1 - tonumber(ARGV[1]))
  end
end
"""
_REMOVE = """
local had = {}
for _, reader in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  for i = 1, #ARGV do
    if redis.call('ZREM', 'home:' .. reader, ARGV[i]) == 1 then
      had[#had + 1] = reader
      had[#had + 1] = ARGV[i]
    end
  end
end
return had
"""
_FILL = """
local key = 'home:' .. ARGV[1]
redis.call('DEL', key)
for i = 2, #ARGV do redis.call('ZADD', key, 0, ARGV[i]) end
redis.call('SADD', KEYS[1], ARGV[1])
"""


def apply(_cursor: Cursor[Any], _entries: Sequence[Entry]) -> list[Announcement]:
    """Home has no table of its own: it is a query over other views."""
    return []


PROJECTION = Projection(
    name="home",
    version=1,
    handles=(),
    create=SQL["create"].format(rules=SQL["rules"]),
    apply=apply,
    after=("statuses", "relationships", "lists", "followed_tags"),
)


def member(status_id: int) -> str:
    """Return a status id as it stands in a timeline: of one length, so that their order as texts is theirs in time."""
    return f"{status_id:019d}"


class Homes:
    """The home timelines in Redis."""

    def __init__(self, redis: "Redis", connection: Connection[Any]) -> None:
        self._redis = redis
        self._connection = connection
        self._push = redis.register_script(_PUSH)
        self._remove = redis.register_script(_REMOVE)
        self._fill = redis.register_script(_FILL)

    def cursor(self) -> int | None:
        """Return how far the timelines are written, None when Redis knows of none."""
        value = cast("str | None", self._redis.get(CURSOR))
        return int(value) if value is not None else None

    def forget(self, position: int) -> None:
        """Begin anew at a position: no timeline is whole, and each is filled when it is wanted."""
        with self._redis.pipeline() as pipe:
            pipe.delete(FILLED)
            pipe.set(CURSOR, position)
            pipe.execute()

    def advance(self, entries: Sequence[Entry], gone: Iterable[int], position: int) -> list[Announcement]:
        """Write what a folded batch means for those who read, and return what to tell their streams.

        `gone` are statuses that the batch took away. Applying a batch again changes nothing.
        """
        readers = self._readers()
        announcements: list[Announcement] = []
        stale = self._stale(entries)
        removed = self._take_out(list(gone))
        for status, homes in removed.items():
            announcements.append(Announcement(event="delete", id=status, homes=tuple(homes)))
        new = _new(entries)
        if new:
            announcements += self._fan_out(list(new), readers, new)
        if stale:
            self._redis.srem(FILLED, *stale)
            self._redis.sadd(WANTED, *(account for account in stale if account in readers))
        self._redis.set(CURSOR, position)
        return announcements

    def refill(self, limit: int = 50) -> int:
        """Fill the timelines that are wanted; return how many were."""
        wanted = cast("list[str]", self._redis.spop(WANTED, limit) or [])
        for reader in wanted:
            rows = self._connection.execute(SQL["timeline"], {"viewer": int(reader), "count": LENGTH}).fetchall()
            self._fill(keys=[FILLED], args=[reader, *(member(row[0]) for row in rows)])
        return len(wanted)

    def prune(self) -> None:
        """Let go of the timelines of people who have not been here for two weeks."""
        old = cast("list[str]", self._redis.zrangebyscore(READERS, "-inf", time.time() - HERE))
        if old:
            with self._redis.pipeline() as pipe:
                pipe.srem(FILLED, *old)
                pipe.delete(*(f"home:{reader}" for reader in old))
                pipe.zrem(READERS, *old)
                pipe.execute()

    def _readers(self) -> set[int]:
        return {int(reader) for reader in cast("list[str]", self._redis.zrange(READERS, 0, -1))}

    def _fan_out(self, ids: list[int], readers: set[int], recent: dict[int, bool]) -> list[Announcement]:
        pairs = self._connection.execute(SQL["readers"], {"ids": ids, "readers": list(readers)}).fetchall()
        lists = self._connection.execute(SQL["lists"], {"ids": ids}).fetchall()
        if pairs:
            arguments: list[Any] = [LENGTH]
            for reader, status in pairs:
                arguments += (reader, member(status))
            self._push(keys=[FILLED], args=arguments)
        homes: defaultdict[int, list[int]] = defaultdict(list)
        channels: defaultdict[int, list[str]] = defaultdict(list)
        for reader, status in pairs:
            homes[status].append(reader)
        for list_id, status in lists:
            channels[status].append(f"list:{list_id}")
        return [
            Announcement(event="update", id=status, homes=tuple(homes[status]), channels=tuple(channels[status]))
            for status in ids
            if recent[status] and (status in homes or status in channels)
        ]

    def _take_out(self, ids: list[int]) -> dict[int, list[int]]:
        if not ids:
            return {}
        had = cast("list[str]", self._remove(keys=[FILLED], args=[member(status) for status in ids]))
        homes: defaultdict[int, list[int]] = defaultdict(list)
        for reader, status in zip(had[::2], had[1::2], strict=True):
            homes[int(status)].append(int(reader))
        if had:
            # A boost that goes may uncover a later one of the same post, and a full timeline has room at its end.
            self._redis.srem(FILLED, *set(had[::2]))
            self._redis.sadd(WANTED, *set(had[::2]))
        return homes

    def _stale(self, entries: Sequence[Entry]) -> set[int]:
        stale: set[int] = set()
        for entry in entries:
            match entry.fact:
                case FollowAccepted() | FollowEnded() | FollowOptionsChanged() | AccountMuted() | AccountUnmuted():
                    stale.add(entry.fact.account_id)
                case ListSaved() | ListDeleted() | ListAccountsAdded() | ListAccountsRemoved():
                    stale.add(entry.fact.account_id)
                case TagFollowed() | TagUnfollowed():
                    stale.add(entry.fact.account_id)
                case AccountBlocked() | AccountUnblocked():
                    stale |= {entry.fact.account_id, entry.fact.target_id}
                case AccountDeleted():
                    stale |= self._readers()
        return stale


def _new(entries: Sequence[Entry]) -> dict[int, bool]:
    """Return the statuses that a batch may add to timelines, and whether each is news."""
    new: dict[int, bool] = {}
    for entry in entries:
        match entry.fact:
            case StatusPublished() as fact:
                new[fact.status_id] = entry.origin != "fetched" and entry.at - fact.created_at < RECENT
            case StatusBoosted() as fact:
                new[fact.boost_id] = entry.at - fact.created_at < RECENT
            case ReplyLinked() as fact:
                new.setdefault(fact.status_id, False)
    return new
