"""A projector in a thread, as it runs beside the web role, for tests that write and then read."""

import contextlib
import threading
from collections.abc import Iterator

import psycopg

from fedi.log.founding import ensure_founded
from fedi.projections import runner
from fedi.site import Site


@contextlib.contextmanager
def projecting(database_url: str, redis_url: str, site: Site) -> Iterator[None]:
    """Found the server and fold its log until the block is left. The views are there when it is entered."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        ensure_founded(connection, site)
        runner.prepare(connection)
    stop = threading.Event()
    thread = threading.Thread(target=runner.run, args=(database_url, redis_url, stop), name="projector")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
