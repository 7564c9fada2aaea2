"""What the log says, read as the folds read it: the same meaning, seen from the same place in the log.

References are read as they were at the cursor, though the views have gone on; nothing is written.
"""

import asyncio
from typing import Any

from psycopg import Connection

from fedi.effects.log_connection import LogConnection
from fedi.log import reader
from fedi.meaning.interpret import Interpretation, interpret
from fedi.meaning.references import References


class FactsReader:
    """Reads events and what they mean, in a thread, over a connection of its own."""

    def __init__(self, database_url: str) -> None:
        self._log = LogConnection(database_url, "-c search_path=read")

    async def read(self, after: int, limit: int) -> list[Interpretation]:
        """Return up to `limit` events after a position and what they turn out to say; the views must hold them.

        That takes no transaction: references are read as they were then, and what is folded meanwhile is not seen.
        """

        def said(connection: Connection[Any]) -> list[Interpretation]:
            batch = reader.read(connection, after, limit)
            with connection.cursor() as cursor:
                return interpret(batch, References(cursor, after))

        return await asyncio.to_thread(self._log.use, said)

    def close(self) -> None:
        """Let go of the connection."""
        self._log.close()
