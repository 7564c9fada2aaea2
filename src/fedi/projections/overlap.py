"""Folding a long log with two processes: one finds out what the events mean, the other changes the tables by it.

What events mean depends on the references alone, and no other table on them, so both can go on side by side, a batch or
two apart. Only a generation that nobody reads yet is folded so: between the two commits it is not whole. What goes
wrong is not mended here; whoever called folds anew, one after the other.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from typing import TYPE_CHECKING

from psycopg import Connection
from psycopg.conninfo import make_conninfo

from fedi.errors import FediError
from fedi.log import reader
from fedi.meaning.marks import Marks
from fedi.meaning.references import References
from fedi.projections.bundles import Bundles
from fedi.projections.catalogue import projections
from fedi.projections.changing import change_tables
from fedi.projections.fold import mean
from fedi.sql import is_outage

if TYPE_CHECKING:
    from multiprocessing.context import ForkContext, SpawnContext

SMALLEST = 250
"""Events of the first and of the last batches."""
AHEAD = 2
"""Whole batches that the first process may be ahead of the second: their entries are held in memory. The first batches
are small, so of those it makes more, while the second process connects and plans its statements."""


class OverlapFailed(FediError):
    """Something could not be folded, or the process that changes the tables was killed."""


def fold_overlapping(
    connection: Connection[object], schema: str, *, batch: int, until: int, reached: Callable[[int], bool]
) -> None:
    """Fold the log into an empty generation, from its start to position `until`, `batch` events at a time.

    `connection` looks at that generation; the other process gets one of its own like it. `reached` hears of every
    position that is folded and ends it by answering False.

    Raises:
        OverlapFailed: an event could not be folded, or the other process is gone; the generation is of no use.
    """
    with _projecting(_like(connection), schema) as pipe, _failing_whole():
        position, answered, underway, wanted = 0, 0, 0, True
        bundles = Bundles(projections())
        refs = References(connection.cursor(), position, Marks())
        refs.put_off_order()
        while wanted and position < until:
            with connection.transaction():
                events = reader.read(connection, position, _size(batch, position, until - position))
                entries, index = mean(refs, events)
                refs.store(index)
            position = events[-1].position
            refs.follow(position)
            while wanted and underway and position - answered > AHEAD * batch:
                answered = _answer(pipe)
                wanted = reached(answered)
                underway -= 1
            _send(pipe, bundles.packed(position, entries))
            underway += 1
        refs.put_in_order()
        refs.store([])
        for _ in range(underway):
            reached(_answer(pipe))


def _size(batch: int, folded: int, left: int) -> int:
    """Return how many events come next: fewer at the start and at the end, where one process waits for the other's."""
    return min(batch, left, max(SMALLEST, folded), max(SMALLEST, left // 2))


@contextlib.contextmanager
def _projecting(database_url: str, schema: str) -> Iterator[Pipe]:
    """Run the second process; it ends when the pipe is closed.

    A copy of this one has all modules at once. Of a process with several threads no copy is made: one of them might
    hold a lock that nobody would open in the copy.
    """
    alone = threading.active_count() == 1
    context: ForkContext | SpawnContext = get_context("fork") if alone else get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=change_tables, args=(database_url, schema, ours, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        with ours:
            yield ours
    finally:
        process.join()


def _like(connection: Connection[object]) -> str:
    """Return how to connect to where a connection leads; what a connection tells of itself leaves the password out."""
    return make_conninfo(connection.info.dsn, password=connection.info.password or None)


def _send(pipe: Pipe, bundle: bytes) -> None:
    try:
        pipe.send_bytes(bundle)
    except (BrokenPipeError, ConnectionResetError):
        while True:  # what went wrong is the last answer, unless the other process was killed
            _answer(pipe)


def _answer(pipe: Pipe) -> int:
    answer = pipe.recv()
    if not isinstance(answer, int):
        raise OverlapFailed(answer)
    return answer


@contextlib.contextmanager
def _failing_whole() -> Iterator[None]:
    try:
        yield
    except OverlapFailed:
        raise
    except (EOFError, BrokenPipeError, ConnectionResetError) as error:
        raise OverlapFailed("the process that changes the tables is gone") from error
    except Exception as error:
        if is_outage(error):
            raise
        raise OverlapFailed(f"{type(error).__name__}: {error}") from error
