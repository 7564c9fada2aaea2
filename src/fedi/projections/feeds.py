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
from fedi.projections.audiences import Audience, Audiences, array
from fedi.projections.home import SQL
from fedi.projections.news import News
from fedi.projections.pace import Pace

if TYPE_CHECKING:
    from redis import Redis
    from redis.client import Pipeline

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
    redis.call('ZREMRANGEBYRANK', key, ARGV[1], -1)
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
for i = #ARGV, 2, -1 do redis.call('ZADD', key, 0, ARGV[i]) end
redis.call('SADD', KEYS[1], ARGV[1])
"""
_COMMIT = """
local position, channel, said = unpack(ARGV, 1, 3)
local slices, following = tonumber(ARGV[4]), 5 + #KEYS
for i = 1, slices do
  if redis.call('GET', KEYS[i]) ~= ARGV[4 + i] then return 0 end
end
for i = slices + 1, #KEYS do
  if redis.call('ZCARD', KEYS[i]) ~= tonumber(ARGV[4 + i]) then return 1 end
end
for i = following, #ARGV, 4 do
  redis.call('ZREM', 'home:' .. ARGV[i + 2], ARGV[i + 3])
  redis.call('SREM', ARGV[i], ARGV[i + 2])
  redis.call('SADD', ARGV[i + 1], ARGV[i + 2])
end
for i = 1, slices do redis.call('SET', KEYS[i], position) end
if said ~= '' then redis.call('PUBLISH', channel, said) end
return 2
"""
_TOO_LATE, _OTHERS_READ, _DONE = range(3)
TOGETHER = 250
"""Readers, or a few more, of whom all are told at once."""
SAID = 2 * homes.LENGTH
"""Posts of which a timeline is likely to show enough."""
OF_EACH = 400
"""The latest of each author among which so many are looked for."""
_encode = msgspec.json.Encoder().encode


class Reading(NamedTuple):
    """A status and somebody who has it at home."""

    reader: int
    status: int


def _alike(at_home: Mapping[int, Collection[int]]) -> dict[tuple[int, tuple[int, ...]], list[int]]:
    """Return the readers of a slice that get the same statuses, by both."""
    read: defaultdict[int, list[int]] = defaultdict(list)
    for status in sorted(at_home):
        for reader in at_home[status]:
            read[reader].append(status)
    alike: defaultdict[tuple[int, tuple[int, ...]], list[int]] = defaultdict(list)
    for reader, statuses in read.items():
        alike[homes.slice_of(reader), tuple(statuses)].append(reader)
    return alike


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


def _push(pipe: "Pipeline", at_home: Mapping[int, Collection[int]], pace: Pace) -> None:
    """Write statuses into the timelines of those who have one; the last of a crowd when what follows is sent."""
    written = 0
    for (each, statuses), readers in _alike(at_home).items():
        members = [*map(homes.member, statuses)]
        for some in pace.pieces(readers, len(statuses)):
            if written >= pace.at_once:
                pipe.execute()
                pace.rest()
                written = 0
            # A registered script asks, in an answer of its own that is waited for, whether it is known there.
            pipe.eval(_PUSH, 1, homes.filled(each), homes.LENGTH, len(statuses), *members, *some)
            written += len(statuses) * len(some)


def _mark(pipe: "Pipeline", stale: Iterable[int], readers: Collection[int]) -> None:
    """Have timelines filled again; those of people who do not read, when they do."""
    for each in stale:
        pipe.srem(homes.filled(homes.slice_of(each)), each)
        if each in readers:
            pipe.sadd(homes.wanted(homes.slice_of(each)), each)


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
        self._audiences = Audiences(connection)
        self._reading: dict[int, frozenset[int]] = {}

    def hold(self, slices: Collection[int]) -> None:
        """Forget who reads in other slices: who has those may let readers go, and that is not looked at."""
        for each in self._reading.keys() - slices:
            del self._reading[each]

    def cursors(self, slices: Iterable[int]) -> dict[int, int | None]:
        """Return how far the timelines of slices are written, None where Redis knows of none."""
        asked = sorted(slices)
        found = cast("list[str | None]", self._redis.mget([homes.cursor(each) for each in asked]))
        return {each: None if value is None else int(value) for each, value in zip(asked, found, strict=True)}

    def begin(self, slices: Iterable[int], position: int) -> None:
        """Begin slices anew at a position: no timeline is whole, and those that were are wanted again.

        Who reads is looked up anew too: if Redis lost all, as many others may have come since.
        """
        with self._redis.pipeline() as pipe:
            for each in slices:
                self._reading.pop(each, None)
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
        self._audiences.hear(news)
        concerns_some = bool(news.new or news.changed or news.stale or news.masked)
        if concerns_some:
            self._look_who_reads(cursors)
        parts = _parts(cursors, self._reading if concerns_some else {})
        pace = Pace()
        return all(self._advance_part(news, part, pace, concerns_some=concerns_some) for part in list(parts))

    def _advance_part(self, news: News, cursors: Mapping[int, int], pace: Pace, *, concerns_some: bool) -> bool:
        """Write and tell a part; again, if somebody came while it was written whom it may concern too."""
        while True:
            readers = {each: self._reading[each] for each in cursors} if concerns_some else {}
            outcome = self._write(news, cursors, readers, pace)
            if outcome != _OTHERS_READ:
                return outcome == _DONE
            for each in cursors:
                del self._reading[each]
            self._look_who_reads(cursors)

    def _write(self, news: News, cursors: Mapping[int, int], readers: Mapping[int, frozenset[int]], pace: Pace) -> int:
        everybody = frozenset[int]().union(*readers.values())
        had = self._had(news.gone, cursors)
        announcements = self._going(news.gone, had, cursors)
        stale = {each for each in news.stale if homes.slice_of(each) in cursors}
        stale.update(self._concerned(news.masked, everybody))
        with self._redis.pipeline(transaction=False) as pipe:
            if news.new:
                audience = self._audiences.of_new(news, readers)
                _push(pipe, audience.at_home, pace)
                fresh = [status for status, recent in news.new.items() if recent]
                announcements += _announce("update", fresh, audience, cursors)
            if news.changed:
                audience = self._audiences.of(news.changed, everybody)
                announcements += _announce("status.update", news.changed, audience, cursors)
            _mark(pipe, stale, everybody)
            said = _encode(announcements).decode() if announcements else ""
            keys = [*map(homes.cursor, cursors), *map(homes.readers, readers)]
            expected = [*cursors.values(), *map(len, readers.values())]
            taken = [part for one in had for part in _taken(one)]
            pipe.eval(_COMMIT, len(keys), *keys, news.position, CHANNEL, said, len(cursors), *expected, *taken)
            return int(pipe.execute()[-1])

    def refill(self, slices: Collection[int], limit: int = 50) -> int:
        """Fill timelines of slices that are wanted, so many of each; return how many were."""
        with self._redis.pipeline(transaction=False) as pipe:
            for each in slices:
                pipe.spop(homes.wanted(each), limit)
            wanted = [reader for found in pipe.execute() for reader in found or ()]
        for reader in wanted:
            filled = homes.filled(homes.slice_of(int(reader)))
            self._fill(keys=[filled], args=[reader, *map(homes.member, self._timeline(int(reader)))])
        return len(wanted)

    def _timeline(self, reader: int) -> list[int]:
        """Return what somebody has at home, at most as much as is kept.

        Among the latest that was said, most often it is there. Asked for at once, all rules are applied to the last
        800 posts of each whom the reader follows: that took 0.2 s where they had written much.
        """
        asked = {"viewer": reader, "count": homes.LENGTH, "said": SAID, "each": OF_EACH}
        for (above,) in self._connection.execute(SQL["recent"], asked).fetchall():
            found = self._connection.execute(SQL["timeline"], {**asked, "above": above}).fetchall()
            if len(found) >= homes.LENGTH:
                return [row[0] for row in found]
        return [row[0] for row in self._connection.execute(SQL["timeline"], {**asked, "above": 0}).fetchall()]

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
                self._reading.pop(each, None)

    def _look_who_reads(self, slices: Iterable[int]) -> None:
        """Look who reads in some slices, where that is not known."""
        asked = [each for each in slices if each not in self._reading]
        if not asked:
            return
        with self._redis.pipeline(transaction=False) as pipe:
            for each in asked:
                pipe.zrange(homes.readers(each), 0, -1)
            for each, found in zip(asked, pipe.execute(), strict=True):
                self._reading[each] = frozenset(map(int, found))

    def _concerned(self, masked: Collection[int], readers: frozenset[int]) -> Collection[int]:
        """Return who of the readers may have read some accounts at home; everybody where these are too many (0)."""
        if not masked or 0 in masked:
            return readers if masked else ()
        asked = {"ids": list(masked), "readers": array(readers)}
        return {row[0] for row in self._connection.execute(SQL["concerned"], asked).fetchall()}

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
            Reading(int(reader), homes.status(status))
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
    announcements = []
    for status in ids:
        at_home = tuple(audience.at_home[status])
        channels = tuple(f"list:{each}" for each in audience.lists[status] if homes.slice_of(each) in slices)
        if at_home or channels:
            announcements.append(Announcement(event=event, id=status, homes=at_home, channels=channels))
    return announcements
