"""What the log says, read as the folds read it: the same meaning, seen from the same place in the log.

References are read as they were at the cursor, though the views have gone on; nothing is written.
"""

import asyncio
from typing import Any

import psycopg
from psycopg import Connection

from fedi.log import reader
from fedi.meaning.interpret import Interpretation, interpret
from fedi.meaning.references import References


class FactsReader:
    """Reads events and what they mean, in a thread, over a connection of its own."""

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._connection: Connection[Any] | None = None

    async def read(self, after: int, limit: int) -> list[Interpretation]:
        """Return up to `limit` events after a position and what they turn out to say; the views must hold them."""
        return await asyncio.to_thread(self._read, after, limit)

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _read(self, after: int, limit: int) -> list[Interpretation]:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self._database_url, autocommit=True, options="-c search_path=read")
        batch = reader.read(self._connection, after, limit)
        with self._connection.transaction(), self._connection.cursor() as cursor:
            return interpret(batch, References(cursor, after))
