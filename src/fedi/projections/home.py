"""Home timelines. What home is, is one query over the views; Redis holds its newest part for those who are here.

The functions `home_timeline` and `home_readers` belong to a generation of the views like its tables. `Homes` keeps, for
everybody who was here lately, a sorted set of at most 800 ids in Redis, from which the API answers without SQL. It is
written after the views are committed, has a cursor of its own, and applying a batch twice changes nothing; whatever
could make a timeline differ from the query in another way than by a new status marks it, and it is filled again from
the query. While a timeline is not there, people read from Postgres.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from psycopg import Connection, Cursor, sql
from psycopg.sql import Composed, Identifier

from fedi import homes
from fedi.events.accounts import AccountMuted, AccountUnmuted, FollowOptionsChanged, MuteExpired
from fedi.events.domains import DomainBlocked, DomainUnblocked
from fedi.events.lists import ListAccountsAdded, ListAccountsRemoved, ListDeleted, ListSaved
from fedi.events.tags import TagFollowed, TagUnfollowed
from fedi.facts import (
    AccountBlocked,
    AccountUnblocked,
    Entry,
    FollowAccepted,
    FollowEnded,
    ReplyLinked,
    StatusBoosted,
    StatusPublished,
)
from fedi.projections.announcements import Announcement, StreamEvent
from fedi.projections.projection import Projection
from fedi.projections.public_streams import RECENT
from fedi.sql import queries

if TYPE_CHECKING:
    from redis import Redis

SQL = queries(__file__)
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


def _functions() -> Composed:
    """Return the functions that define home, both ways of turning a page and who reads what, from the same rules."""
    turns = (("home_timeline", "DESC"), ("home_timeline_upwards", "ASC"))
    rules = SQL["rules"]
    pages = [
        SQL["timeline_function"].format(name=Identifier(name), order=sql.SQL(order), rules=rules)
        for name, order in turns
    ]
    return sql.SQL("\n").join([*pages, SQL["readers_function"].format(rules=rules)])


PROJECTION = Projection(
    name="home",
    version=3,
    handles=(),
    create=_functions(),
    apply=apply,
    after=("statuses", "relationships", "lists", "followed_tags", "domain_blocks", "accounts"),
)


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
        value = cast("str | None", self._redis.get(homes.CURSOR))
        return int(value) if value is not None else None

    def forget(self, position: int) -> None:
        """Begin anew at a position: no timeline is whole, and each is filled when it is wanted."""
        with self._redis.pipeline() as pipe:
            pipe.delete(homes.FILLED)
            pipe.set(homes.CURSOR, position)
            pipe.execute()

    def advance(self, entries: Sequence[Entry], told: Iterable[Announcement], position: int) -> list[Announcement]:
        """Write what a folded batch means for those who read, and return what to tell their streams.

        `told` is what the handlers announced of the batch: which statuses it changed and took away. Applying a batch
        again changes nothing.
        """
        gone: dict[int, int | None] = {}
        changed: set[int] = set()
        masked: set[int] = set()
        for said in told:
            if said.event == "accounts_masked":
                masked.add(said.id)
            elif said.event == "delete":
                gone[said.id] = said.account
            elif said.event == "status.update":
                changed.add(said.id)
        readers = self._readers()
        announcements = self._take_out(gone)
        stale = _stale(entries) | self._concerned(masked, readers)
        new = _new(entries)
        if new:
            pairs = self._readings(list(new), readers)
            self._write(pairs)
            announcements += self._announce("update", [status for status, recent in new.items() if recent], pairs)
        if changed:
            announcements += self._announce("status.update", list(changed), self._readings(list(changed), readers))
        if stale:
            self._redis.srem(homes.FILLED, *stale)
        if wanted := stale & readers:
            self._redis.sadd(homes.WANTED, *wanted)
        self._redis.set(homes.CURSOR, position)
        return announcements

    def refill(self, limit: int = 50) -> int:
        """Fill the timelines that are wanted; return how many were."""
        wanted = cast("list[str]", self._redis.spop(homes.WANTED, limit) or [])
        for reader in wanted:
            rows = self._connection.execute(SQL["timeline"], {"viewer": int(reader), "count": homes.LENGTH}).fetchall()
            self._fill(keys=[homes.FILLED], args=[reader, *(homes.member(row[0]) for row in rows)])
        return len(wanted)

    def prune(self) -> None:
        """Let go of the timelines of people who have not been here for two weeks."""
        old = cast("list[str]", self._redis.zrangebyscore(homes.READERS, "-inf", time.time() - homes.STAY))
        if old:
            with self._redis.pipeline() as pipe:
                pipe.srem(homes.FILLED, *old)
                pipe.delete(*(homes.timeline(int(reader)) for reader in old))
                pipe.zrem(homes.READERS, *old)
                pipe.execute()

    def _readers(self) -> set[int]:
        return {int(reader) for reader in cast("list[str]", self._redis.zrange(homes.READERS, 0, -1))}

    def _readings(self, ids: list[int], readers: set[int]) -> list[tuple[int, int]]:
        """Return who of the readers reads which of the statuses at home."""
        return self._connection.execute(SQL["readers"], {"ids": ids, "readers": list(readers)}).fetchall()

    def _concerned(self, masked: set[int], readers: set[int]) -> set[int]:
        """Return who of the readers may have read some accounts at home; everybody where these are too many (0)."""
        if not masked or 0 in masked:
            return readers if masked else set()
        asked = {"ids": list(masked), "readers": list(readers)}
        return {row[0] for row in self._connection.execute(SQL["concerned"], asked).fetchall()}

    def _write(self, pairs: list[tuple[int, int]]) -> None:
        if pairs:
            arguments: list[Any] = [homes.LENGTH]
            for reader, status in pairs:
                arguments += (reader, homes.member(status))
            self._push(keys=[homes.FILLED], args=arguments)

    def _announce(self, event: StreamEvent, ids: list[int], pairs: list[tuple[int, int]]) -> list[Announcement]:
        at_home: defaultdict[int, list[int]] = defaultdict(list)
        channels: defaultdict[int, list[str]] = defaultdict(list)
        for reader, status in pairs:
            at_home[status].append(reader)
        for list_id, status in self._connection.execute(SQL["lists"], {"ids": ids}).fetchall():
            channels[status].append(f"list:{list_id}")
        return [
            Announcement(event=event, id=status, homes=tuple(at_home[status]), channels=tuple(channels[status]))
            for status in ids
            if status in at_home or status in channels
        ]

    def _take_out(self, gone: Mapping[int, int | None]) -> list[Announcement]:
        """Take statuses out of all timelines; `gone` says whose they were, as far as others may know."""
        if not gone:
            return []
        had = cast("list[str]", self._remove(keys=[homes.FILLED], args=[homes.member(status) for status in gone]))
        at_home: defaultdict[int, list[int]] = defaultdict(list)
        for reader, status in zip(had[::2], had[1::2], strict=True):
            at_home[int(status)].append(int(reader))
        if had:
            # A boost that goes may uncover a later one of the same post, and a full timeline has room at its end.
            self._redis.srem(homes.FILLED, *set(had[::2]))
            self._redis.sadd(homes.WANTED, *set(had[::2]))
        channels: defaultdict[int | None, list[str]] = defaultdict(list)
        for list_id, author in self._connection.execute(SQL["lists_of"], {"ids": list(gone.values())}).fetchall():
            channels[author].append(f"list:{list_id}")
        return [
            Announcement(event="delete", id=status, homes=tuple(at_home[status]), channels=tuple(channels[author]))
            for status, author in gone.items()
            if status in at_home or author in channels
        ]


def _stale(entries: Sequence[Entry]) -> set[int]:
    """Return whose timelines a batch changes in another way than by new statuses."""
    stale: set[int] = set()
    for entry in entries:
        match entry.fact:
            case FollowAccepted() | FollowEnded() | FollowOptionsChanged() | AccountMuted() | AccountUnmuted():
                stale.add(entry.fact.account_id)
            case MuteExpired():
                stale.add(entry.fact.account_id)
            case ListSaved() | ListDeleted() | ListAccountsAdded() | ListAccountsRemoved():
                stale.add(entry.fact.account_id)
            case TagFollowed() | TagUnfollowed() | DomainBlocked() | DomainUnblocked():
                stale.add(entry.fact.account_id)
            case AccountBlocked() | AccountUnblocked():
                stale |= {entry.fact.account_id, entry.fact.target_id}
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
