"""Shares the writing of home timelines with other processes: each writes those of its slices of readers.

Who folds says of each batch what it means for timelines, on a Redis stream whose ids are positions; each slice has a
cursor in Redis, and whoever has the slice follows from there. What was missed is seen by a gap, and the timelines of
the slice are begun anew: they are a copy of what the views say.
"""

import contextlib
import logging
import threading
import time
from typing import TYPE_CHECKING, Any, cast

import msgspec
import psycopg
import redis
from psycopg import Connection
from redis import Redis

from fedi import homes, shares
from fedi.projections import generation
from fedi.projections.feeds import Feeds
from fedi.projections.news import News
from fedi.redis_clients import connected
from fedi.shares import Shares
from fedi.sql import OTHER_VIEWS

if TYPE_CHECKING:
    from collections.abc import Collection

PLANNED_ONCE = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off"
"""Session options for the questions that every batch asks of home: to plan one takes twenty times as long as to answer
it, as the rules have a dozen tables. Plans that are kept must not be those of tables that were still small."""
AT_ONCE = 10
"""Batches read at a time."""
IDLE_MILLISECONDS = 250
"""How long to wait for a batch before looking whether somebody wants a timeline."""
PRUNE_SECONDS = 3600.0
RETRY_SECONDS = 1.0
_decode = msgspec.json.Decoder(News).decode
_log = logging.getLogger(__name__)


def run(database_url: str, redis_url: str, stop: threading.Event) -> None:
    """Write timelines until `stop` is set. Connections that are lost are made again."""
    away = False
    while not stop.is_set():
        try:
            with (
                shares.connect(database_url, "feeds", PLANNED_ONCE) as asking,
                connected(redis_url, decode_responses=True, socket_timeout=5) as store,
            ):
                asking.prepare_threshold = 0
                generation.look_at(asking, generation.LIVE)
                store.ping()
                away = False
                _share(Shares(asking, shares.FEEDS), Feeding(asking, store), stop)
        except (psycopg.OperationalError, *OTHER_VIEWS) as error:
            _log.warning("home timelines wait for the database: %s", error)
        except redis.RedisError as error:
            if not away:
                _log.warning("Redis is away, home timelines are read from Postgres meanwhile: %s", error)
            away = True
        except ValueError as error:
            _log.error("what Redis holds of home timelines is damaged and made anew: %s", error)
            _forget(redis_url)
        stop.wait(RETRY_SECONDS)


def _forget(redis_url: str) -> None:
    """Let go of all that is read here. Whoever is still a reader says so with the next look at home."""
    kept = (homes.cursor, homes.filled, homes.wanted, homes.readers)
    with contextlib.suppress(redis.RedisError), connected(redis_url, socket_timeout=5) as store:
        store.delete(homes.FOLDED, *(name(each) for name in kept for each in shares.ALL))


def _share(having: Shares, feeding: "Feeding", stop: threading.Event) -> None:
    mine, looked, pruned = having.look(), time.monotonic(), 0.0
    while not stop.is_set():
        if time.monotonic() - looked > shares.SECONDS:
            mine, looked = having.look(), time.monotonic()
        if time.monotonic() - pruned > PRUNE_SECONDS:
            feeding.prune(mine)
            pruned = time.monotonic()
        if mine:
            feeding.step(mine)
        else:
            stop.wait(shares.SECONDS)


class Feeding:
    """Follows what was folded, for some slices."""

    def __init__(self, connection: Connection[Any], store: Redis) -> None:
        self._connection = connection
        self._store = store
        self._feeds = Feeds(store, connection)

    def step(self, slices: "Collection[int]", wait: int = IDLE_MILLISECONDS) -> bool:
        """Write what was folded since; tell whether there was anything. Waits so many milliseconds for it."""
        self._feeds.hold(slices)
        cursors = self._cursors(slices)
        heard = self._read(min(cursors.values()), wait)
        for news in heard:
            if not self._take(news, cursors):
                break
        self._feeds.refill(slices)  # of what goes, only those are told whose timeline is there before it goes
        return bool(heard)

    def prune(self, slices: "Collection[int]") -> None:
        """Let go of the timelines of people who are not here any more."""
        self._feeds.prune(slices)

    def _cursors(self, slices: "Collection[int]") -> dict[int, int]:
        """Return where slices are; those of which Redis knows nothing begin where the views are."""
        known = self._feeds.cursors(slices)
        if missing := [each for each, position in known.items() if position is None]:
            position = generation.position(self._connection)
            self._feeds.begin(missing, position)
            known |= dict.fromkeys(missing, position)
        return {each: position for each, position in known.items() if position is not None}

    def _take(self, news: News, cursors: dict[int, int]) -> bool:
        behind = {each: position for each, position in cursors.items() if position < news.position}
        if missed := [each for each, position in behind.items() if position < news.before]:
            self._feeds.begin(missed, news.before)
            behind |= dict.fromkeys(missed, news.before)
        if behind and not self._feeds.advance(news, behind):
            return False
        cursors |= dict.fromkeys(behind, news.position)
        return True

    def _read(self, after: int, wait: int) -> list[News]:
        found = cast("Any", self._store.xread({homes.FOLDED: f"{after}-0"}, count=AT_ONCE, block=wait))
        return [_decode(entry["news"]) for _, entries in found or () for _, entry in entries]
