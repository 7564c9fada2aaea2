"""pgbouncer in transaction mode before a PostgreSQL, where it is installed: tests that need it skip where it is not."""

import contextlib
import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import psycopg

from fedi.supervisor.home import prepare
from fedi.supervisor.processes import spawn, stop, wait_until
from tests.support import scratch
from tests.support.system import tool

SESSIONS = 3
"""Few, so that what one client leaves in its session another meets at once."""
_CONFIGURATION = """\
[databases]
* = host={sockets} user=postgres

[pgbouncer]
listen_addr =
unix_socket_dir = {own}
auth_type = any
pool_mode = transaction
default_pool_size = {sessions}
"""


@contextlib.contextmanager
def pooler(database_url: str) -> Iterator[str]:
    """Run one and yield the URL that leads through it to a database."""
    program = tool("pgbouncer")
    place = urlsplit(database_url)
    [sockets] = parse_qs(place.query)["host"]
    with scratch.directory() as directory:
        home = prepare(directory)
        configuration = Path(directory) / "pgbouncer.ini"
        configuration.write_text(_CONFIGURATION.format(sockets=sockets, own=home.sockets, sessions=SESSIONS))
        configuration.chmod(0o644)
        url = f"postgresql://postgres@{place.path}?host={quote(str(home.sockets), safe='')}&port=6432"
        log = home.logs / "pgbouncer.log"
        running = spawn([program, configuration], log=log, owner=home.owner, death_signal=signal.SIGINT)
        try:
            wait_until(lambda: _answers(url), running, log, what="pgbouncer", seconds=20)
            yield url
        finally:
            stop(running, signal.SIGINT, 5)


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True
