"""Folding everything anew beside the live views, and putting the result in their place while people read.

The new generation has tables of its own and never sees the live one. When it has come close, the last events are folded
under the lock that live folding takes, and the schemas change names in the same transaction. Nothing is delivered,
notified or streamed: that is the business of what runs live.
"""

import contextlib
import gc
import threading
import time
from collections.abc import Callable, Iterator, Sequence

import msgspec
import psycopg
from psycopg import Connection

from fedi.log import reader
from fedi.projections import generation
from fedi.projections.catalogue import projections
from fedi.projections.fold import fold
from fedi.projections.projection import Projection

BATCH = 2000
"""Events folded at a time. Nobody waits for a single one here, and what each batch costs is shared by more."""
CLOSE = 200
"""Events behind the log at which live folding is made to wait for the rest."""


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
    """Fold all views anew and swap them in. Interrupted, it leaves the live views as they were."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        progress = fold_aside(connection, schema, report=report, stop=stop, batch=batch)
        if stop is not None and stop.is_set():
            generation.drop(connection, schema)
            return progress
        known = projections()
        with connection.transaction():
            connection.execute(generation.SQL["fold_lock"])
            while fold(connection, known, live=False):
                pass
            live = generation.position(connection) if generation.exists(connection) else 0
            reached = generation.position(connection, schema)
            if reached < live:
                raise RuntimeError(f"the new views are at {reached}, the live ones at {live}")
            generation.replace_live(connection, schema)
        generation.drop(connection, f"{schema}_retired")
        return Progress(reached, reached, progress.seconds)


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
    known = projections()
    generation.create(connection, schema, known)
    connection.execute("SET synchronous_commit TO off")
    generation.look_at(connection, schema)
    with _collecting_rarely():
        return _fold_all(connection, known, report=report, stop=stop, batch=batch, until=until)


def _fold_all(
    connection: Connection[object],
    known: Sequence[Projection],
    *,
    report: Report | None,
    stop: threading.Event | None,
    batch: int | None,
    until: int | None,
) -> Progress:
    started = time.monotonic()
    position, last = 0, reader.last_position(connection)
    while stop is None or not stop.is_set():
        limit = batch or BATCH
        if until is not None:
            limit = min(limit, until - position)
        folded = fold(connection, known, live=False, limit=limit) if limit > 0 else None
        if folded is None:
            break
        position = folded.position
        if position > last:
            last = reader.last_position(connection)
        if report is not None:
            report(Progress(position, last, time.monotonic() - started))
    return Progress(position, last, time.monotonic() - started)


@contextlib.contextmanager
def _collecting_rarely() -> Iterator[None]:
    """Let the garbage collector look seldom, and not at what was there before.

    A batch makes hundreds of thousands of objects that live until its end. To walk over them, and over all modules,
    each time that some more were made took a tenth of the time.
    """
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        if not frozen:
            gc.unfreeze()
