"""The PostgreSQL and Valkey servers the suite runs on: the embedded ones, started as the program starts them.

One PostgreSQL serves the whole run; each worker has a Valkey of its own, because channels and FLUSHALL know no
database numbers. Nothing survives the run: the data is in a temporary directory, and the kernel ends the children with
the process that started them.
"""

import contextlib
import fcntl
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from fedi.app import create_tables
from fedi.supervisor import postgres
from fedi.supervisor.embedded import Embedded
from tests.support import scratch

TEMPLATE = "template_fedi"
SHARED = "PYTEST_SHARED_POSTGRES"
"""Environment variable through which the run's first process tells the others where its PostgreSQL is."""


@contextlib.contextmanager
def embedded(*, want_postgres: bool, want_valkey: bool, durable: bool) -> Iterator[Embedded]:
    """Run the wanted servers in a directory of their own until the block is left."""
    with scratch.directory(on_disk=durable) as directory:
        parts = Embedded(directory, want_postgres=want_postgres, want_valkey=want_valkey, durable=durable)
        try:
            yield parts
        finally:
            parts.stop()


@contextlib.contextmanager
def shared_postgres() -> Iterator[Path]:
    """Run the PostgreSQL that all workers of a run share, or join the one that runs; yields its directory."""
    if SHARED in os.environ:
        yield Path(os.environ[SHARED])
        return
    with embedded(want_postgres=True, want_valkey=False, durable=False) as parts:
        os.environ[SHARED] = str(parts.home.root)
        try:
            yield parts.home.root
        finally:
            del os.environ[SHARED]


def ensure_template(directory: Path, admin_url: str) -> None:
    """Make the database that others are copied from, once for the run."""
    with (directory / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with psycopg.connect(admin_url, autocommit=True) as admin:
            if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone():
                return
            scratch = f"{TEMPLATE}_{secrets.token_hex(4)}"
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(scratch)))
            create_tables(postgres.with_database(admin_url, scratch))
            admin.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(scratch), sql.Identifier(TEMPLATE))
            )


@contextlib.contextmanager
def fresh_database(admin_url: str, template: str = TEMPLATE) -> Iterator[str]:
    """Copy a template; yields the URL of the copy and drops it afterwards, whoever is still connected."""
    database = f"test_{secrets.token_hex(6)}"
    name = sql.Identifier(database)
    with psycopg.connect(admin_url, autocommit=True) as admin:
        # A copy of the files: the standard way writes each page to the log too, which takes eight times as long.
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        admin.execute(copy.format(name, sql.Identifier(template)))
    try:
        yield postgres.with_database(admin_url, database)
    finally:
        with psycopg.connect(admin_url, autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
