"""The live projector: fold what is new, write home timelines, tell the streams, wait for more.

One projector leads; a second one waits until the first is gone. Redis may come and go: the views are folded all the
same, and when Redis is back the timelines are brought up to where the views are.
"""

import logging
import threading
from collections.abc import Sequence

import msgspec
import psycopg
import redis
from psycopg import Connection
from redis import Redis

from fedi.log import reader
from fedi.projections import generation
from fedi.projections.announcements import CHANNEL, Announcement
from fedi.projections.catalogue import projections
from fedi.projections.fold import BATCH, Folded, fold
from fedi.projections.home import Homes
from fedi.projections.rebuild import rebuild

PLANNED_ONCE = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off"
"""Session options for the questions that every batch asks of home: to plan one takes twenty times as long as to answer
it, as the rules have a dozen tables. Plans that are kept must not be those of tables that were still small."""
IDLE = 0.5
"""Seconds to wait for new events before looking whether somebody wants a timeline."""
BUSY = 10
"""Events in a batch from which on it pays to let more come before the next: what a batch costs is shared by its events.
"""
REST = 0.01
"""Seconds to wait then. Whoever writes alone never waits."""
_encode = msgspec.json.Encoder().encode
_log = logging.getLogger(__name__)


def run(database_url: str, redis_url: str, stop: threading.Event) -> None:
    """Fold the log into views until `stop` is set. Connections that are lost are made again."""
    while not stop.is_set():
        try:
            _lead(database_url, redis_url, stop)
        except psycopg.OperationalError as error:
            _log.warning("the projector lost its database: %s", error)
            stop.wait(1.0)


def prepare(connection: Connection[object]) -> None:
    """Make the first generation of the views where there is none. Processes that start together wait for each other."""
    with connection.transaction():
        connection.execute(generation.SQL["fold_lock"])
        if not generation.exists(connection):
            generation.create(connection, "views_first", projections())
            generation.replace_live(connection, "views_first")


def _lead(database_url: str, redis_url: str, stop: threading.Event) -> None:
    with (
        psycopg.connect(database_url, autocommit=True) as connection,
        psycopg.connect(database_url, autocommit=True) as ears,
        psycopg.connect(database_url, autocommit=True, options=PLANNED_ONCE, prepare_threshold=0) as asking,
        Redis.from_url(redis_url, decode_responses=True, socket_timeout=5) as store,
    ):
        while not generation.take(connection, "leader"):
            if stop.wait(IDLE):
                return
        prepare(connection)
        if not generation.is_current(connection, projections()):
            _log.info("the views are folded anew, because this program folds them otherwise")
            rebuild(database_url, stop=stop)
        connection.execute("SET synchronous_commit TO off")
        generation.look_at(connection, generation.LIVE)
        generation.look_at(asking, generation.LIVE)
        reader.listen(ears)
        _follow(connection, ears, Live(asking, store), stop)


def _follow(connection: Connection[object], ears: Connection[object], live: "Live", stop: threading.Event) -> None:
    known = projections()
    while not stop.is_set():
        folded = fold(connection, known, live=True)
        if folded is not None:
            live.told(folded)
            if BUSY <= folded.position - folded.before < BATCH:
                stop.wait(REST)
            continue
        live.idle()
        reader.wait_for_events(ears, IDLE)


class Live:
    """What happens after a batch is committed: timelines and streams, as far as Redis is there."""

    def __init__(self, connection: Connection[object], store: Redis) -> None:
        self._store = store
        self._homes = Homes(store, connection)
        self._connection = connection
        self._redis_there = False

    def told(self, folded: Folded) -> None:
        """Bring a folded batch to timelines and streams."""
        try:
            if self._homes.cursor() != folded.before:
                self._homes.forget(folded.before)
            announcements = self._homes.advance(folded.entries, folded.announcements, folded.position)
            self._publish([*folded.announcements, *announcements])
            self._redis_there = True
        except redis.RedisError as error:
            self._lost(error)

    def idle(self) -> None:
        """Fill timelines that are wanted; begin them anew if Redis has lost its own, or missed what was folded."""
        try:
            position = generation.position(self._connection)
            if self._homes.cursor() != position:
                self._homes.forget(position)
            while self._homes.refill():
                pass
            self._redis_there = True
        except redis.RedisError as error:
            self._lost(error)

    def _publish(self, announcements: Sequence[Announcement]) -> None:
        if announcements:
            self._store.publish(CHANNEL, _encode(announcements))

    def _lost(self, error: redis.RedisError) -> None:
        if self._redis_there:
            _log.warning("Redis is away, home timelines are read from Postgres meanwhile: %s", error)
        self._redis_there = False
