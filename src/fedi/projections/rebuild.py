"""Folding everything anew beside the live views, and putting the result in their place while people read.

The new generation has tables of its own and never sees the live one. When it has come close, it gets the indexes
by which people read, and the database looks at what it holds. The last events are folded under the lock that live
folding takes, and the schemas change names in the same transaction. Nothing is delivered, notified or streamed: that is
the business of what runs live.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence

import msgspec
import psycopg
from psycopg import Connection

from fedi.log import reader
from fedi.projections import generation
from fedi.projections.catalogue import projections
from fedi.projections.collecting import collecting_rarely
from fedi.projections.fold import fold
from fedi.projections.overlap import OverlapFailed, fold_overlapping
from fedi.projections.projection import Projection

BATCH = 2000
"""Events folded at a time. Nobody waits for a single one here, and what each batch costs is shared by more."""
LONG = 10_000
"""Events from which on a second process is worth its start."""
WAIT = 0.5
"""Seconds between two looks whether another rebuild has ended."""
_log = logging.getLogger(__name__)


class Progress(msgspec.Struct, frozen=True):
    """How far a rebuild has come: events folded, events in the log when last looked, seconds since the start."""

    position: int
    last: int
    seconds: float


Report = Callable[[Progress], None]


def rebuild(
    database_url: str,
    *,
    report: Report | None = None,
    stop: threading.Event | None = None,
    schema: str = "views_next",
    batch: int | None = None,
) -> Progress:
    """Fold all views anew and swap them in; tell after how many seconds people read them.

    Interrupted, it leaves the live views as they were.

    While another process does the same, it waits for its end.
    """
    begun = time.monotonic()
    stop = stop or threading.Event()
    retired = generation.retired(schema)
    with psycopg.connect(database_url, autocommit=True) as connection:
        while not generation.take(connection, "rebuilder"):
            if stop.wait(WAIT):
                return Progress(0, 0, 0.0)
        # One that was killed just after it had swapped left these behind; they would be in the way at the very end.
        generation.drop(connection, retired)
        progress = fold_aside(connection, schema, report=report, stop=stop, batch=batch)
        known = projections()
        if not stop.is_set():
            generation.index_by_two(database_url, schema, known, stop)
            generation.analyze_by_two(database_url, schema, stop)
            generation.prepare_to_fold(connection)
        while not stop.is_set() and fold(connection, known, live=False):
            pass
        if stop.is_set():
            generation.drop(connection, schema)
            return progress
        with connection.transaction():
            connection.execute(generation.SQL["fold_lock"])
            while fold(connection, known, live=False):
                pass
            live = generation.position(connection) if generation.exists(connection) else 0
            reached = generation.position(connection, schema)
            if reached < live:
                raise RuntimeError(f"the new views are at {reached}, the live ones at {live}")
            generation.replace_live(connection, schema)
        seconds = time.monotonic() - begun
        generation.drop(connection, retired)
        return Progress(reached, reached, seconds)


def fold_aside(
    connection: Connection[object],
    schema: str,
    *,
    report: Report | None = None,
    stop: threading.Event | None = None,
    batch: int | None = None,
    until: int | None = None,
) -> Progress:
    """Fold the log into a generation of its own, up to where it is or to position `until`."""
    run = _Run(connection, schema, projections(), batch or BATCH, until, report, stop or threading.Event())
    generation.prepare_to_fold(connection)
    with collecting_rarely():
        run.begin()
        if run.last >= LONG:
            try:
                fold_overlapping(connection, schema, batch=run.batch, until=run.last, reached=run.reached)
            except OverlapFailed as error:
                _log.warning("the views are folded in one process, because two failed: %s", error)
                run.begin()
        run.go_on()
    connection.execute("RESET enable_seqscan")
    return run.progress()


class _Run:
    """One folding aside: how far it has come, who hears of it, and whether it is to go on."""

    def __init__(
        self,
        connection: Connection[object],
        schema: str,
        known: Sequence[Projection],
        batch: int,
        until: int | None,
        report: Report | None,
        stop: threading.Event,
    ) -> None:
        self.batch = batch
        self._connection = connection
        self._schema = schema
        self._known = known
        self._until = until
        self._report = report
        self._stop = stop
        self._started = time.monotonic()
        self._position = 0
        self.last = 0

    def begin(self) -> None:
        """Make the generation, empty, and see how far there is to go."""
        generation.create(self._connection, self._schema, self._known)
        generation.look_at(self._connection, self._schema)
        self._position = 0
        self.last = self._end()

    def go_on(self) -> None:
        """Fold the rest, one batch after the other."""
        while not self._stop.is_set():
            limit = self.batch if self._until is None else min(self.batch, self._until - self._position)
            folded = fold(self._connection, self._known, live=False, limit=limit) if limit > 0 else None
            if folded is None:
                break
            self.reached(folded.position)

    def reached(self, position: int) -> bool:
        """Note how far it has come; tell whether to go on."""
        self._position = position
        if position > self.last:
            self.last = self._end()
        if self._report is not None:
            self._report(self.progress())
        return not self._stop.is_set()

    def progress(self) -> Progress:
        """Return how far it has come."""
        return Progress(self._position, self.last, time.monotonic() - self._started)

    def _end(self) -> int:
        return reader.last_position(self._connection) if self._until is None else self._until
