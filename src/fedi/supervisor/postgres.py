"""An embedded PostgreSQL: our own cluster under the data directory, reached by a unix socket only.

Its configuration is written whole at every start and suits a small machine; what an operator sets with ALTER SYSTEM
still wins. Reading is done by each session itself (`io_method`), so handles for reads under way need no room, and what
256 producers append at once fits four times into the buffers of the write-ahead log.
"""

import contextlib
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psycopg

from fedi.errors import ConfigurationError
from fedi.supervisor.binaries import postgres_bin
from fedi.supervisor.home import Home, is_alive
from fedi.supervisor.processes import last_lines, last_words, spawn, stop, wait_until

MAJOR = "18"
DATABASE = "fedi"
START_SECONDS = 60.0
STOP_SECONDS = 4.0
LEFTOVER_SECONDS = 10.0
LOOK_SECONDS = 0.1
_LOCALE = ("--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
"""Texts are compared byte by byte, by PostgreSQL itself: a C library that sorts otherwise after an upgrade
cannot make indexes wrong, and not to ask it is quicker."""
_SOCKET_LOCK = ".s.PGSQL.5432.lock"
_LEFTOVER = "pre-existing shared memory block"
"""What the server says when a process of the one before still has its memory."""

_CONFIGURATION = """\
# Written by fedi at every start. To change a value, use ALTER SYSTEM.
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 128MB
effective_cache_size = 1GB
maintenance_work_mem = 64MB
wal_buffers = 1MB
min_wal_size = 256MB
max_wal_size = 1GB
checkpoint_timeout = 15min
random_page_cost = 1.1
jit = off
io_method = sync
io_max_concurrency = 4
max_worker_processes = 4
max_parallel_workers = 2
max_parallel_workers_per_gather = 0
max_logical_replication_workers = 0
datestyle = 'iso'
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_line_prefix = '%m [%p] %q%d '
log_checkpoints = off
default_text_search_config = 'pg_catalog.simple'
{durability}"""

_VOLATILE = """\
max_connections = 300
fsync = off
full_page_writes = off
synchronous_commit = off
autovacuum_naptime = 10min
"""


class Postgres:
    """A running server; `url` names its database of the program."""

    what = "PostgreSQL"

    def __init__(self, home: Home, process: subprocess.Popen[bytes]) -> None:
        self.home = home
        self.process = process
        self.url = url(home)

    def stop(self) -> None:
        """Shut down at once but in order: sessions are ended, what they committed is on disk."""
        stop(self.process, signal.SIGINT, STOP_SECONDS)


def url(home: Home, database: str = DATABASE) -> str:
    """Return the URL of a database of the cluster that runs in `home`."""
    return f"postgresql://postgres@/{database}?host={quote(str(home.sockets), safe='')}"


def with_database(server_url: str, database: str) -> str:
    """Return a URL made by `url` with another database in it."""
    head, _, tail = server_url.partition("?")
    return f"{head.rpartition('/')[0]}/{database}?{tail}"


def start(home: Home, *, lock: int, durable: bool) -> Postgres:
    """Start the server, making its cluster first if there is none, and wait until it answers.

    `lock` is the descriptor of the home's lock, which the server keeps open. `durable=False` gives up on surviving a
    crash of the machine, for tests. Raises ConfigurationError with the server's last words.
    """
    binaries = postgres_bin(home.owner)
    if not (home.postgres / "PG_VERSION").exists():
        _make_cluster(home, binaries, durable=durable)
    _check_version(home)
    _remove_stale_locks(home)
    durability = "" if durable else _VOLATILE
    configuration = home.postgres / "postgresql.conf"
    configuration.write_text(_CONFIGURATION.format(sockets=home.sockets, durability=durability))
    configuration.chmod(0o644)
    process = _launch(home, binaries, lock)
    _make_database(home)
    return Postgres(home, process)


def _launch(home: Home, binaries: Path, lock: int) -> subprocess.Popen[bytes]:
    """Start the server's process; again if what a killed one left is still being taken down by the system."""
    log = home.logs / "postgres.log"
    argv: list[str | Path] = [binaries / "postgres", "-D", home.postgres]
    deadline = time.monotonic() + LEFTOVER_SECONDS
    while True:
        process = spawn(argv, log=log, owner=home.owner, death_signal=signal.SIGINT, keep=[lock])
        try:
            wait_until(lambda: answers(home), process, log, what="PostgreSQL", seconds=START_SECONDS)
        except ConfigurationError:
            if time.monotonic() > deadline or _LEFTOVER not in last_lines(log, 4):
                raise
            time.sleep(LOOK_SECONDS)
        else:
            return process


def _make_cluster(home: Home, binaries: Path, *, durable: bool) -> None:
    """Run initdb beside the final place and rename: a start that is killed half way leaves no half cluster behind."""
    fresh, log = home.root / "postgres.new", home.logs / "initdb.log"
    shutil.rmtree(fresh, ignore_errors=True)
    home.own(fresh)
    options = ["--auth=trust", "--username=postgres", "--encoding=UTF8", *_LOCALE, "--data-checksums"]
    argv: list[str | Path] = [
        binaries / "initdb",
        "-D",
        fresh,
        "--no-instructions",
        *options,
        *([] if durable else ["--no-sync"]),
    ]
    process = spawn(argv, log=log, owner=home.owner, death_signal=signal.SIGKILL)
    if process.wait(START_SECONDS) != 0:
        raise ConfigurationError(f"the database cluster could not be made: {last_words(log)}")
    fresh.rename(home.postgres)


def _check_version(home: Home) -> None:
    version = (home.postgres / "PG_VERSION").read_text().strip()
    if version != MAJOR:
        raise ConfigurationError(f"{home.postgres} was written by PostgreSQL {version}, this program brings {MAJOR}")


def _remove_stale_locks(home: Home) -> None:
    """Remove the pid file, and the lock of the socket, of a postmaster that is gone.

    PostgreSQL does so too, except where the number now belongs to another process of the same user, or to a zombie.
    The home's lock is held, so nothing of ours can be alive; a server that somebody else started there is.
    """
    file = home.postgres / "postmaster.pid"
    with contextlib.suppress(OSError, ValueError, IndexError):
        pid = int(file.read_text().split()[0])
        if is_alive(pid) and Path(f"/proc/{pid}/cwd").readlink() == home.postgres.resolve():
            raise ConfigurationError(f"another PostgreSQL (process {pid}) uses {home.postgres}")
    for each in (file, home.sockets / _SOCKET_LOCK):
        each.unlink(missing_ok=True)


def answers(home: Home) -> bool:
    """Tell whether a server answers at its socket."""
    if not (home.sockets / ".s.PGSQL.5432").exists():
        return False
    try:
        psycopg.connect(url(home, "postgres"), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _make_database(home: Home) -> None:
    with psycopg.connect(url(home, "postgres"), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            connection.execute(f"CREATE DATABASE {DATABASE}")
