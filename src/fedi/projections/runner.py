"""The live projector: fold what is new, tell the streams and who writes home timelines, wait for more.

One projector leads; a second one waits until the first is gone. All of them share the writing of home timelines. Redis
may come and go: the views are folded all the same, and when Redis is back the timelines are brought up to where the
views are.
"""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import msgspec
import psycopg
import redis
from psycopg import Connection
from redis import Redis

from fedi import homes, shares
from fedi.events import UnknownEventError
from fedi.log import reader
from fedi.projections import feeding, generation
from fedi.projections.announcements import CHANNEL, Announcement
from fedi.projections.catalogue import projections
from fedi.projections.fold import BATCH, Folded, fold
from fedi.projections.news import News, gap, news_of
from fedi.projections.rebuild import rebuild
from fedi.redis_clients import connected
from fedi.shares import NOTICED, session_of

BY_INDEX = "-c enable_seqscan=off"
"""Session options for folding: plans that are kept must not be those of tables that were still small."""
WAIT = 5.0
"""Seconds before looking again whether an event can be read that could not."""
IDLE = 0.5
"""Seconds to wait for new events before looking whether Redis knows of all that was folded."""
SOON = 0.02
"""Seconds after a batch within which the next one tells that much is being said; so do BUSY events at once."""
BUSY = 10
REST = 0.01
"""Seconds to wait then, so that more comes before the next: what a batch costs is shared by its events. Whoever writes
alone never waits."""
FLOOD = 1_000
"""Events a second from which on it is waited longer: by then a batch costs more than the events in it."""
FLOOD_REST = 0.03
"""Seconds to wait then."""
KEPT = 10_000
"""About so many batches are kept for those who write timelines. Who is further behind begins them anew."""
REDIS_SECONDS = 2.0
"""How long Redis may take to answer."""
SILENCE_SECONDS = 10.0
"""How long one that did not is asked nothing: else each batch would wait for it, and so would who reads the views."""
UNREADABLE = (redis.RedisError, ValueError)
"""Redis is away, or what it holds is not what was written there."""
_encode = msgspec.json.Encoder().encode
_log = logging.getLogger(__name__)


def run(database_url: str, redis_url: str, stop: threading.Event) -> None:
    """Fold the log into views and write home timelines until `stop` is set. Lost connections are made again."""
    with ThreadPoolExecutor(1, thread_name_prefix="feeds") as beside:
        writing = beside.submit(feeding.run, database_url, redis_url, stop)
        writing.add_done_callback(lambda _: stop.set())
        try:
            _fold(database_url, redis_url, stop)
        finally:
            stop.set()
        writing.result()


def _fold(database_url: str, redis_url: str, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            _lead(database_url, redis_url, stop)
        except psycopg.OperationalError as error:
            _log.warning("the projector lost its database: %s", error)
            stop.wait(1.0)
        except (UnknownEventError, psycopg.InternalError) as error:
            # A newer program that waits may lead now. Of a damaged page nobody can go on; more than the log need not
            # be folded for people to read on.
            _log.error("the log cannot be folded on: %s", error)
            stop.wait(WAIT)


def prepare(connection: Connection[object]) -> None:
    """Make the first generation of the views where there is none. Processes that start together wait for each other."""
    with connection.transaction():
        connection.execute(generation.SQL["fold_lock"])
        if not generation.exists(connection):
            known = projections()
            generation.create(connection, "views_first", known)
            generation.index(connection, "views_first", known)
            generation.replace_live(connection, "views_first")


def _lead(database_url: str, redis_url: str, stop: threading.Event) -> None:
    with (
        psycopg.connect(
            database_url, autocommit=True, application_name=session_of("projector"), options=f"{NOTICED} {BY_INDEX}"
        ) as connection,
        connected(redis_url, decode_responses=True, socket_timeout=REDIS_SECONDS) as store,
    ):
        while not generation.take(connection, "leader"):
            if stop.wait(IDLE):
                return
        prepare(connection)
        if not generation.is_current(connection, projections()):
            _log.info("the views are folded anew, because this program folds them otherwise")
            rebuild(database_url, stop=stop)
        generation.prepare_to_fold(connection)
        generation.look_at(connection, generation.LIVE)
        reader.listen(connection)
        live = Live(store)
        live.begin(generation.position(connection))
        _follow(connection, live, stop)


def _follow(connection: Connection[object], live: "Live", stop: threading.Event) -> None:
    """Fold whenever something new was told of, and once in a while, lest anything was missed.

    What the database tells while a batch is folded is kept by the connection until it is asked.
    """
    known = projections()
    position, told, begun, ended = 0, 0, 0.0, 0.0
    while not stop.is_set():
        before, begun = begun, time.monotonic()
        folded = fold(connection, known, live=True)
        if folded is None:
            live.idle(generation.position(connection))
        else:
            position = folded.position
            live.told(folded)
            if position - folded.before == BATCH:
                continue
            soon, ended = begun - ended < SOON, time.monotonic()
            stop.wait(rest(position - folded.before, begun - before, soon=soon))
        while told <= position and not stop.is_set():
            told = reader.heard(connection, IDLE)
            if not told:
                break


def rest(events: int, seconds: float, *, soon: bool) -> float:
    """Return how long to wait after a batch of so many events, which came within `seconds`.

    `soon` tells that it followed closely upon the one before.
    """
    if events < BUSY:
        return REST if soon else 0.0
    return FLOOD_REST if events > FLOOD * seconds else REST


class Live:
    """What follows a batch: the streams and those who write timelines are told, as far as Redis is there."""

    def __init__(self, store: Redis) -> None:
        self._store = store
        self._there = True
        self._silent_until = 0.0
        self._told: int | None = None

    def begin(self, position: int) -> None:
        """Begin where the views are.

        Views that lost their last moments in a crash of the database, or a backup that was put back, are behind what
        timelines know of: these are begun anew.
        """
        try:
            if self._last() > position:
                self._store.delete(homes.FOLDED, *(homes.cursor(each) for each in shares.ALL))
        except UNREADABLE as error:
            self._lost(error)

    def told(self, folded: Folded) -> None:
        """Tell of a folded batch. Where it does not follow the last one that was told of, something was missed."""
        missed = [] if folded.before == self._told else [Announcement(event="missed", id=0)]
        self._told = None
        if self._is_silent:
            return
        try:
            with self._store.pipeline(transaction=False) as pipe:
                if said := [*missed, *folded.announcements]:
                    pipe.publish(CHANNEL, _encode(said))
                self._add(pipe, news_of(folded))
                pipe.execute()
            self._there, self._told = True, folded.position
        except UNREADABLE as error:
            self._lost(error)

    def idle(self, position: int) -> None:
        """Say that something was missed, if Redis was not told of all that is folded."""
        if self._is_silent:
            return
        try:
            if self._last() < position:
                self._add(self._store, gap(position))
            self._there = True
        except UNREADABLE as error:
            self._lost(error)

    def _add(self, store: Redis, news: News) -> None:
        store.xadd(homes.FOLDED, {"news": _encode(news)}, id=f"{news.position}-0", maxlen=KEPT, approximate=True)

    def _last(self) -> int:
        """Return the position of the last batch that was told of."""
        last = cast("list[Any]", self._store.xrevrange(homes.FOLDED, count=1))
        return int(last[0][0].partition("-")[0]) if last else 0

    @property
    def _is_silent(self) -> bool:
        return time.monotonic() < self._silent_until

    def _lost(self, error: Exception) -> None:
        if self._there:
            _log.warning("Redis is away or damaged, the streams miss something: %s", error)
        self._there = False
        if isinstance(error, redis.TimeoutError):
            self._silent_until = time.monotonic() + SILENCE_SECONDS
