"""Debian's own servers and tools, where they are installed: tests that need one skip where it is not."""

import contextlib
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
import redis

from fedi.supervisor.home import prepare
from fedi.supervisor.processes import spawn, stop, wait_until

POSTGRES_15 = Path("/usr/lib/postgresql/15/bin")
SBIN = "/usr/local/sbin:/usr/sbin:/sbin"


def tool(name: str) -> str:
    """Return the path of a program, or skip the test."""
    found = shutil.which(name) or shutil.which(name, path=SBIN)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


@contextlib.contextmanager
def debian_postgres() -> Iterator[str]:
    """Run Debian's PostgreSQL 15 and yield the URL of an empty database; skip where it is not installed."""
    if not (POSTGRES_15 / "postgres").exists():
        pytest.skip("Debian's PostgreSQL 15 is not installed")
    with tempfile.TemporaryDirectory(prefix="fedi-pg15-") as scratch:
        Path(scratch).chmod(0o711)
        home = prepare(Path(scratch))
        home.own(home.postgres)
        options = ["-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        log = home.logs / "postgres.log"
        making = spawn(
            [POSTGRES_15 / "initdb", "-D", home.postgres, *options],
            log=log,
            owner=home.owner,
            death_signal=signal.SIGKILL,
        )
        assert making.wait(60) == 0, log.read_text()
        server = spawn(
            [POSTGRES_15 / "postgres", "-D", home.postgres, "-k", home.sockets, "-c", "listen_addresses="],
            log=log,
            owner=home.owner,
            death_signal=signal.SIGINT,
        )
        url = f"postgresql://postgres@/postgres?host={quote(str(home.sockets), safe='')}"
        try:
            wait_until(lambda: _postgres_answers(url), server, log, what="PostgreSQL 15", seconds=30)
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("CREATE DATABASE fedi")
            yield url.replace("/postgres?", "/fedi?")
        finally:
            stop(server, signal.SIGINT, 10)


@contextlib.contextmanager
def debian_redis() -> Iterator[str]:
    """Run Debian's Redis and yield its URL; skip where it is not installed."""
    program = tool("redis-server")
    with tempfile.TemporaryDirectory(prefix="fedi-redis-") as scratch:
        door, log = Path(scratch) / "redis.sock", Path(scratch) / "log"
        arguments = ["--port", "0", "--unixsocket", str(door), "--dir", scratch, "--save", "", "--logfile", str(log)]
        server = subprocess.Popen([program, *arguments])
        url = f"unix://{quote(str(door))}?db=0"
        try:
            wait_until(lambda: _redis_answers(url), server, log, what="Redis", seconds=30)
            yield url
        finally:
            stop(server, signal.SIGTERM, 10)


def _postgres_answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def _redis_answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
