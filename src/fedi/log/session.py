"""The writer's own database session: how it is opened, its slot among the 64, and how it is known to be over."""

import secrets
from typing import Any

import msgspec
from psycopg import Connection, connect
from psycopg.sql import SQL

from fedi.errors import Unavailable
from fedi.ids import SLOTS
from fedi.log.insert import prepare
from fedi.sql import queries

_sql = queries(__file__)
CONNECT_SECONDS = 5
LOCK_SECONDS = 10
END_SECONDS = 5


class Session(msgspec.Struct, frozen=True):
    """An open session. `backend` tells it from every other session the server has had."""

    conn: Connection[Any]
    backend: tuple[int, Any]
    slot: int


def open_session(dsn: str, slot: int | None = None, premises: SQL | None = None) -> Session:
    """Connect and take an id slot, `slot` if it is free; `premises` as of `insert.prepare`.

    The server must be reached directly: through pgbouncer in transaction mode a session keeps no locks.

    Raises:
        psycopg.OperationalError: the server is away.
        Unavailable: 64 processes have a slot already.
    """
    conn = connect(
        dsn,
        autocommit=True,
        connect_timeout=CONNECT_SECONDS,
        application_name="fedi log",
        keepalives_idle=10,
        keepalives_interval=5,
        keepalives_count=3,
        tcp_user_timeout=20_000,
    )
    try:
        conn.execute(_sql["plan_once"])
        prepare(conn, premises)
        conn.execute(_sql["limit_lock"], {"limit": f"{LOCK_SECONDS}s"})
        backend = conn.execute(_sql["backend"]).fetchone()
        assert backend is not None
        return Session(conn, backend, take_slot(conn, slot))
    except BaseException:
        conn.close()
        raise


def take_slot(conn: Connection[Any], preferred: int | None = None) -> int:
    """Take a slot for an `IdMint`, 0 to 63, that no other session of this database has, until the session ends.

    The search begins at random, so that a slot just given up is not soon taken by another process.

    Raises:
        Unavailable: all are taken.
    """
    start = secrets.randbelow(SLOTS) if preferred is None else preferred
    for step in range(SLOTS):
        slot = (start + step) % SLOTS
        taken = conn.execute(_sql["take_slot"], {"slot": slot}).fetchone()
        if taken == (True,):
            return slot
    raise Unavailable(f"{SLOTS} processes write to this log already")


def end_session(conn: Connection[Any], backend: tuple[int, Any]) -> bool:
    """End a session that we lost sight of; once it has ended, what it did not commit it never will.

    Returns False if it still runs after some seconds.
    """
    pid, started = backend
    parameters = {"pid": pid, "started": started, "milliseconds": END_SECONDS * 1000}
    ended = conn.execute(_sql["end_backend"], parameters).fetchone()
    return ended is None or ended == (True,)
