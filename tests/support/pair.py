"""A PostgreSQL of its own, with all tables, and a standby of it that can be told to lag."""

import contextlib
import signal
from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen
from urllib.parse import quote

import psycopg

from fedi.app import create_tables
from fedi.supervisor.binaries import postgres_bin
from fedi.supervisor.home import Home
from fedi.supervisor.postgres import DATABASE
from fedi.supervisor.processes import last_words, spawn, stop, wait_until
from tests.support import servers


class Pair:
    """A primary and its standby, by their URLs."""

    def __init__(self, home: Home, primary: str) -> None:
        self.primary = primary
        self._home, self._data, self._sockets = home, home.own(home.root / "standby"), home.own(home.root / "there")
        self._log = home.logs / "standby.log"
        self.standby = f"postgresql://postgres@/{DATABASE}?host={quote(str(self._sockets), safe='')}"
        self._process: Popen[bytes] | None = None

    def copy(self) -> None:
        """Make the standby's files."""
        source = f"host={self._home.sockets} user=postgres"
        making = self._spawn("pg_basebackup", "-D", self._data, "-d", source, "-R", "-c", "fast", "--no-sync")
        assert making.wait(60) == 0, last_words(self._log)

    def start(self) -> None:
        """Start the standby, and wait until it can be read."""
        (self._data / "postmaster.pid").unlink(missing_ok=True)
        self._process = self._spawn("postgres", "-D", self._data, "-k", self._sockets)
        wait_until(self._answers, self._process, self._log, what="the standby", seconds=30)

    def kill(self) -> None:
        """Kill it, as a machine dies."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            stop(self._process, signal.SIGINT, 10)

    def pause(self) -> None:
        """Let nothing arrive there any more."""
        self._tell_standby("SELECT pg_wal_replay_pause()")

    def resume(self) -> None:
        """Let it catch up."""
        self._tell_standby("SELECT pg_wal_replay_resume()")

    def _tell_standby(self, statement: str) -> None:
        with psycopg.connect(self.standby, autocommit=True) as connection:
            connection.execute(statement)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.standby).close()
        except psycopg.OperationalError:
            return False
        return True

    def _spawn(self, program: str, *arguments: str | Path) -> Popen[bytes]:
        path = postgres_bin(self._home.owner) / program
        return spawn([path, *arguments], log=self._log, owner=self._home.owner, death_signal=signal.SIGINT)


@contextlib.contextmanager
def pair() -> Iterator[Pair]:
    """Run both until the block is left."""
    with servers.embedded(want_postgres=True, want_valkey=False, durable=False) as parts:
        assert parts.postgres is not None
        create_tables(parts.postgres.url)
        with psycopg.connect(parts.postgres.url, autocommit=True) as connection:
            # What is folded is written out this soon, and only then it goes to the standby.
            connection.execute("ALTER SYSTEM SET wal_writer_delay = '10ms'")
            # Whoever reads there is not waited for longer.
            connection.execute("ALTER SYSTEM SET max_standby_streaming_delay = '500ms'")
            connection.execute("SELECT pg_reload_conf()")
        both = Pair(parts.home, parts.postgres.url)
        both.copy()
        both.start()
        try:
            yield both
        finally:
            both.stop()
