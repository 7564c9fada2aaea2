"""Writes home timelines in Redis: the newest 800 ids, for everybody who was here lately.

They are written after the views are committed, have cursors of their own, and applying a batch twice changes nothing;
whatever could make a timeline differ from the query that defines it in another way than by a new status marks it, and
it is filled again from the query.
"""

import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import msgspec
from psycopg import Connection

from fedi import homes
from fedi.projections.announcements import CHANNEL, Announcement, StreamEvent
from fedi.projections.home import SQL
from fedi.projections.news import News

if TYPE_CHECKING:
    from redis import Redis

_PUSH = """
local entry, readers, told = {}, {}, 2 + tonumber(ARGV[2])
for i = 3, told do
  entry[#entry + 1] = 0
  entry[#entry + 1] = ARGV[i]
end
for i = told + 1, #ARGV do readers[#readers + 1] = ARGV[i] end
local filled = redis.call('SMISMEMBER', KEYS[1], unpack(readers))
for i, reader in ipairs(readers) do
  if filled[i] == 1 then
    local key = 'home:' .. reader
    redis.call('ZADD', key, unpack(entry))
    redis.call('ZREMRANGEBYRANK', key, 0, -1 - ARGV[1])
  end
end
"""
_HAVING = """
local had = {}
for _, reader in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  for i = 1, #ARGV do
    if redis.call('ZSCORE', 'home:' .. reader, ARGV[i]) then
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
_COMMIT = """
for i, key in ipairs(KEYS) do
  if redis.call('GET', key) ~= ARGV[3 + i] then return 0 end
end
for i = 4 + #KEYS, #ARGV, 4 do
  redis.call('ZREM', 'home:' .. ARGV[i + 2], ARGV[i + 3])
  redis.call('SREM', ARGV[i], ARGV[i + 2])
  redis.call('SADD', ARGV[i + 1], ARGV[i + 2])
end
for _, key in ipairs(KEYS) do redis.call('SET', key, ARGV[1]) end
if ARGV[3] ~= '' then redis.call('PUBLISH', ARGV[2], ARGV[3]) end
return 1
"""
AT_ONCE = 100
"""Timelines written before Redis answers somebody else: a crowd's take it long enough for readers to notice."""
TOGETHER = 250
"""Readers, or a few more, of whom all are told at once."""
_encode = msgspec.json.Encoder().encode


class Reading(NamedTuple):
    """A status and somebody who has it at home."""

    reader: int
    status: int


class Audience(NamedTuple):
    """Who reads some statuses at home, and which lists show them: by list and status."""

    readings: list[Reading]
    listed: list[tuple[int, int]]


def _pieces(pairs: Iterable[Reading]) -> Iterator[tuple[int, Sequence[int], list[int]]]:
    """Yield some readers of a slice and the statuses that all of these get."""
    read: defaultdict[int, list[int]] = defaultdict(list)
    for reader, status in pairs:
        read[reader].append(status)
    alike: defaultdict[tuple[int, tuple[int, ...]], list[int]] = defaultdict(list)
    for reader, statuses in read.items():
        alike[homes.slice_of(reader), tuple(sorted(statuses))].append(reader)
    for (each, given), readers in alike.items():
        at_once = max(1, AT_ONCE // len(given))
        for start in range(0, len(readers), at_once):
            yield each, given, readers[start : start + at_once]


def _array(ids: Iterable[int]) -> str:
    """Write an array as Postgres reads it, in an eighth of the time that psycopg takes for a thousand ids."""
    return "{" + ",".join(map(str, ids)) + "}"


def _parts(cursors: Mapping[int, int], readers: Mapping[int, Collection[int]]) -> Iterator[dict[int, int]]:
    """Cut slices into parts that are written and told one after the other, by how many read in them."""
    part: dict[int, int] = {}
    size = 0
    for each, position in cursors.items():
        part[each] = position
        size += len(readers.get(each, ()))
        if size >= TOGETHER:
            yield part
            part, size = {}, 0
    if part:
        yield part


def _taken(one: Reading) -> tuple[str | int, ...]:
    each = homes.slice_of(one.reader)
    return homes.filled(each), homes.wanted(each), one.reader, homes.member(one.status)


class Feeds:
    """The home timelines of some slices of readers."""

    def __init__(self, redis: "Redis", connection: Connection[Any]) -> None:
        self._redis = redis
        self._connection = connection
        self._having = redis.register_script(_HAVING)
        self._fill = redis.register_script(_FILL)
        self._commit = redis.register_script(_COMMIT)

    def cursors(self, slices: Iterable[int]) -> dict[int, int | None]:
        """Return how far the timelines of slices are written, None where Redis knows of none."""
        asked = sorted(slices)
        found = cast("list[str | None]", self._redis.mget([homes.cursor(each) for each in asked]))
        return {each: None if value is None else int(value) for each, value in zip(asked, found, strict=True)}

    def begin(self, slices: Iterable[int], position: int) -> None:
        """Begin slices anew at a position: no timeline is whole, and those that were are wanted again."""
        with self._redis.pipeline() as pipe:
            for each in slices:
                pipe.sunionstore(homes.wanted(each), [homes.wanted(each), homes.filled(each)])
                pipe.delete(homes.filled(each), *homes.outdated(each))
                pipe.set(homes.cursor(each), position)
            pipe.execute()

    def advance(self, news: News, cursors: Mapping[int, int]) -> bool:
        """Write what a batch means for those who read in some slices, and tell their streams.

        `cursors` says how far each is written. That the streams are told and the cursors move is one step: so each is
        told once, whoever dies when. False if another process moved them meanwhile; then nobody was told anew.

        A crowd is told in parts: while the timelines of the next are written, sockets of the first are.
        """
        concerns_some = news.new or news.changed or news.stale or news.masked
        readers = self._readers(cursors) if concerns_some else {}
        return all(self._advance(news, part, readers) for part in _parts(cursors, readers))

    def _advance(self, news: News, cursors: Mapping[int, int], reading: Mapping[int, Collection[int]]) -> bool:
        readers = {reader for each in cursors for reader in reading.get(each, ())}
        had = self._had(news.gone, cursors)
        announcements = self._going(news.gone, had, cursors)
        stale = {each for each in news.stale if homes.slice_of(each) in cursors}
        stale |= self._concerned(news.masked, readers)
        if news.new:
            audience = self._audience(list(news.new), readers)
            self.write(audience.readings)
            fresh = [status for status, recent in news.new.items() if recent]
            announcements += _announce("update", fresh, audience, cursors)
        if news.changed:
            audience = self._audience(news.changed, readers)
            announcements += _announce("status.update", news.changed, audience, cursors)
        self._mark(stale, readers)
        keys = [homes.cursor(each) for each in cursors]
        said = _encode(announcements).decode() if announcements else ""
        taken = [part for one in had for part in _taken(one)]
        return bool(self._commit(keys=keys, args=[news.position, CHANNEL, said, *cursors.values(), *taken]))

    def refill(self, slices: Collection[int], limit: int = 50) -> int:
        """Fill timelines of slices that are wanted, so many of each; return how many were."""
        with self._redis.pipeline(transaction=False) as pipe:
            for each in slices:
                pipe.spop(homes.wanted(each), limit)
            wanted = [reader for found in pipe.execute() for reader in found or ()]
        for reader in wanted:
            rows = self._connection.execute(SQL["timeline"], {"viewer": int(reader), "count": homes.LENGTH}).fetchall()
            filled = homes.filled(homes.slice_of(int(reader)))
            self._fill(keys=[filled], args=[reader, *(homes.member(row[0]) for row in rows)])
        return len(wanted)

    def prune(self, slices: Iterable[int]) -> None:
        """Let go of the timelines of people who have not been here for two weeks."""
        for each in slices:
            before = time.time() - homes.STAY
            old = cast("list[str]", self._redis.zrangebyscore(homes.readers(each), "-inf", before))
            if old:
                with self._redis.pipeline() as pipe:
                    pipe.srem(homes.filled(each), *old)
                    pipe.delete(*(homes.timeline(int(reader)) for reader in old))
                    pipe.zrem(homes.readers(each), *old)
                    pipe.execute()

    def _readers(self, slices: Iterable[int]) -> dict[int, list[int]]:
        """Return who reads, by slice."""
        asked = list(slices)
        with self._redis.pipeline(transaction=False) as pipe:
            for each in asked:
                pipe.zrange(homes.readers(each), 0, -1)
            return {each: [*map(int, found)] for each, found in zip(asked, pipe.execute(), strict=True)}

    def _audience(self, ids: list[int], readers: set[int]) -> Audience:
        """Return who of the readers reads which of the statuses at home, and which lists show them."""
        rows = self._connection.execute(SQL["audience"], {"ids": ids, "readers": _array(readers)}).fetchall()
        return Audience(
            [Reading(who, status) for who, status, in_list in rows if not in_list],
            [(list_id, status) for list_id, status, in_list in rows if in_list],
        )

    def _concerned(self, masked: Collection[int], readers: set[int]) -> set[int]:
        """Return who of the readers may have read some accounts at home; everybody where these are too many (0)."""
        if not masked or 0 in masked:
            return readers if masked else set()
        asked = {"ids": list(masked), "readers": _array(readers)}
        return {row[0] for row in self._connection.execute(SQL["concerned"], asked).fetchall()}

    def write(self, pairs: Iterable[Reading]) -> None:
        """Write statuses into the timelines of those who have one."""
        written = 0
        with self._redis.pipeline(transaction=False) as pipe:
            for each, statuses, readers in _pieces(pairs):
                members = map(homes.member, statuses)
                # A registered script asks, in an answer of its own that is waited for, whether it is known there.
                pipe.eval(_PUSH, 1, homes.filled(each), homes.LENGTH, len(statuses), *members, *readers)
                written += len(statuses) * len(readers)
                if written >= AT_ONCE:
                    pipe.execute()
                    written = 0
            pipe.execute()

    def _mark(self, stale: Iterable[int], readers: Collection[int]) -> None:
        """Have timelines filled again; those of people who do not read, when they do."""
        with self._redis.pipeline(transaction=False) as pipe:
            for each in stale:
                pipe.srem(homes.filled(homes.slice_of(each)), each)
                if each in readers:
                    pipe.sadd(homes.wanted(homes.slice_of(each)), each)
            pipe.execute()

    def _had(self, gone: Collection[int], slices: Iterable[int]) -> list[Reading]:
        """Return in whose timelines statuses stand that are gone.

        A boost that goes may uncover a later one of the same post, and a full timeline has room at its end: so these
        timelines are filled again.
        """
        if not gone:
            return []
        with self._redis.pipeline(transaction=False) as pipe:
            for each in slices:
                members = [homes.member(status) for status in gone]
                self._having(keys=[homes.filled(each)], args=members, client=pipe)
            found = pipe.execute()
        return [
            Reading(int(reader), int(status))
            for had in found
            for reader, status in zip(had[::2], had[1::2], strict=True)
        ]

    def _going(
        self, gone: Mapping[int, int | None], had: Iterable[Reading], slices: Collection[int]
    ) -> list[Announcement]:
        if not gone:
            return []
        at_home: defaultdict[int, list[int]] = defaultdict(list)
        for reader, status in had:
            at_home[status].append(reader)
        channels: defaultdict[int | None, list[str]] = defaultdict(list)
        for list_id, author in self._connection.execute(SQL["lists_of"], {"ids": list(gone.values())}).fetchall():
            if homes.slice_of(list_id) in slices:
                channels[author].append(f"list:{list_id}")
        return [
            Announcement(event="delete", id=status, homes=tuple(at_home[status]), channels=tuple(channels[author]))
            for status, author in gone.items()
            if status in at_home or author in channels
        ]


def _announce(
    event: StreamEvent, ids: Sequence[int], audience: Audience, slices: Collection[int]
) -> list[Announcement]:
    at_home: defaultdict[int, list[int]] = defaultdict(list)
    channels: defaultdict[int, list[str]] = defaultdict(list)
    for reader, status in audience.readings:
        at_home[status].append(reader)
    for list_id, status in audience.listed:
        if homes.slice_of(list_id) in slices:
            channels[status].append(f"list:{list_id}")
    return [
        Announcement(event=event, id=status, homes=tuple(at_home[status]), channels=tuple(channels[status]))
        for status in ids
        if status in at_home or status in channels
    ]
