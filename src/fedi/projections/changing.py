"""The second process of a long folding: it changes the tables by the entries that the first one sends.

While the database is at work on a batch, the next one is unpacked. Projections that read no other's tables, as
the words of posts, are changed by a session of their own at the same time.
"""

import signal
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection as Pipe
from queue import SimpleQueue

import msgspec
import psycopg
from psycopg import Connection

from fedi.projections import generation
from fedi.projections.bundles import Bundles
from fedi.projections.catalogue import parted, projections
from fedi.projections.collecting import collecting_rarely
from fedi.projections.fold import Life, apply, lives
from fedi.projections.projection import Projection


class _Batch(msgspec.Struct, frozen=True):
    position: int
    lives: list[Life]


_Arrived = SimpleQueue[_Batch | Exception | None]


def change_tables(database_url: str, schema: str, other_end: Pipe, pipe: Pipe) -> None:
    """Change the tables by the entries that come, and answer each batch with its position or with what went wrong."""
    other_end.close()  # or the end of the first process would not be seen here
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who interrupts the first process is heard there
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    arrived: _Arrived = SimpleQueue()
    threading.Thread(target=_receive, args=(pipe, arrived), daemon=True).start()
    try:
        with collecting_rarely(), _session(database_url, schema) as one, _session(database_url, schema) as other:
            _change(one, other, arrived, pipe)
    except Exception as error:
        pipe.send(f"{type(error).__name__}: {error}")


def _receive(pipe: Pipe, arrived: _Arrived) -> None:
    """Take in what comes while the batch before is at work, or the first process would wait until it is done."""
    bundles = Bundles(projections())
    try:
        while True:
            position, entries = bundles.unpacked(pipe.recv_bytes())
            arrived.put(_Batch(position, lives(entries)))
    except (EOFError, ConnectionResetError):
        arrived.put(None)
    except Exception as error:
        arrived.put(error)


def _session(database_url: str, schema: str) -> Connection[object]:
    connection = psycopg.connect(database_url, autocommit=True)
    generation.prepare_to_fold(connection)
    generation.look_at(connection, schema)
    return connection


def _change(one: Connection[object], other: Connection[object], arrived: _Arrived, pipe: Pipe) -> None:
    joined, separate = parted(projections())
    with ThreadPoolExecutor(1) as beside:
        while (batch := arrived.get()) is not None:
            if isinstance(batch, Exception):
                raise batch
            at_once = beside.submit(_apply, other, separate, batch)
            with one.transaction():
                cursor = one.cursor()
                apply(cursor, joined, batch.lives)
                at_once.result()
                cursor.execute(generation.SQL["advance"], {"position": batch.position})
            pipe.send(batch.position)


def _apply(connection: Connection[object], separate: Sequence[Projection], batch: _Batch) -> None:
    with connection.transaction():
        apply(connection.cursor(), separate, batch.lives)
