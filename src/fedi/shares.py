"""How several processes share a work: it is cut into slices, and each slice is one process's at a time.

A slice is had by an advisory lock of the database's, for as long as the session lives that took it: when a process or
its machine dies, the others find the slice free and take it. Everybody counts who shares the work, takes no more than
an equal part, and gives back what is too much when another comes. Nothing is configured, and nothing has to expire.
"""

import os
import socket
from collections.abc import Collection
from typing import Any

import psycopg
from psycopg import Connection

from fedi.sql import queries

SLICES = 16
"""Into how many slices a work is cut: so many processes can share it at most."""
ALL = frozenset(range(SLICES))
FEEDS = 1717920874
"""The home timelines in Redis, by who reads them; the number is the first half of its locks, after the word "fedi"."""
DELIVERIES = 1717920875
"""What is sent to other servers, by their host."""
MEMBER = 1000
"""The second half of the lock that all who share a work have."""
SECONDS = 1.0
"""Between two looks at who is there."""
NOTICED = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
"""Session options by which the database notices within half a minute that a machine is gone, and lets its locks go."""
SQL = queries(__file__)


def session_of(work: str) -> str:
    """Return the name under which the database shows a session: what it does, on which machine, in which process."""
    return f"fedi {work} {socket.gethostname()[:32]}/{os.getpid()}"


def connect(database_url: str, name: str, options: str = "") -> Connection[Any]:
    """Open a session that may have shares of the work of that name; `options` are libpq's.

    The URL must lead to the database directly: through a pooler in transaction mode a session keeps no locks.
    """
    return psycopg.connect(
        database_url, autocommit=True, application_name=session_of(name), options=f"{NOTICED} {options}"
    )


class Shares:
    """The part of a work that this process has, for as long as a session lives; not for several threads at once."""

    def __init__(self, connection: Connection[Any], work: int) -> None:
        self._work = work
        self._leaving: frozenset[int] = frozenset()
        self._connection = connection
        self._connection.execute(SQL["join"], {"work": work, "member": MEMBER})

    def look(self, busy: Collection[int] = ()) -> frozenset[int]:
        """Take and give back what is due; return the slices to work on until the next look.

        A slice that is to be given back is no longer among them, but it is still held: it goes at the next look at
        which it is not `busy`. Raises psycopg.OperationalError when the session is lost, and all slices with it.
        """
        for each in self._leaving.difference(busy):
            self._connection.execute(SQL["leave"], {"work": self._work, "slice": each})
        row = self._connection.execute(SQL["look"], {"work": self._work, "member": MEMBER}).fetchone()
        assert row is not None
        members, taken, held = row[0], frozenset(row[1]), frozenset(row[2])
        fair = -(-SLICES // members)
        keep = frozenset(sorted(held - self._leaving)[:fair])
        for each in sorted(ALL - taken)[: max(0, fair - len(keep))]:
            if self._take(each):
                keep |= {each}
        self._leaving = held - keep
        return keep

    def close(self) -> None:
        """Let everything go."""
        self._connection.close()

    def _take(self, each: int) -> bool:
        return self._connection.execute(SQL["take"], {"work": self._work, "slice": each}).fetchone() == (True,)
