"""A connection of one worker's own to the log, used in threads, and closed for good when the worker ends."""

import threading
from collections.abc import Callable
from typing import Any, TypeVar

import psycopg
from psycopg import Connection

from fedi.errors import Unavailable

T = TypeVar("T")


class LogConnection:
    """Opened when it is first needed and again when it was lost; `options` are libpq's."""

    def __init__(self, database_url: str, options: str = "") -> None:
        self._database_url = database_url
        self._options = options
        self._connection: Connection[Any] | None = None
        self._over = False
        self._lock = threading.Lock()

    def use(self, do: Callable[[Connection[Any]], T]) -> T:
        """Do something with the connection, blocking: call it in a thread. Raises `Unavailable` after `close`."""
        with self._lock:
            if self._over:
                raise Unavailable("this worker is at its end")
            if self._connection is None or self._connection.closed:
                self._connection = psycopg.connect(self._database_url, autocommit=True, options=self._options)
            return do(self._connection)

    def close(self) -> None:
        """Close it, after what is being done: a thread whose task was cancelled must not open it again."""
        with self._lock:
            self._over = True
            if self._connection is not None:
                self._connection.close()
