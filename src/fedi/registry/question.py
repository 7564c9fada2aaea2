"""One statement that is asked again and again, over a connection that nobody else has, answered by one value.

The statement is prepared once, and what comes back is mostly JSON. How connections are made, and made again, is the
pool's.
"""

from collections.abc import Sequence
from typing import Any

from psycopg import AsyncConnection, OperationalError
from psycopg.pq import TransactionStatus
from psycopg.pq.abc import PGconn
from psycopg.sql import SQL

from fedi.libpq import answer_of, check
from fedi.registry.pool import Pool

_NAME = b"fedi_question"


class Question:
    """Asks one thing at a time, and keeps the connection that it has from the pool until it is closed."""

    def __init__(self, pool: Pool, statement: SQL, names: Sequence[str]) -> None:
        """`names` are those of the parameters, in the order in which their values are given."""
        self._pool = pool
        text = statement.as_string(None)
        for number, name in enumerate(names, 1):
            text = text.replace(f"%({name})s", f"${number}")
        self._statement = text.encode()
        self._connection: AsyncConnection[Any] | None = None

    async def close(self) -> None:
        """Give the connection back."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await self._pool.putconn(connection)

    async def ask(self, values: Sequence[bytes | None]) -> bytes:
        """Return the first column of the first row, empty if there is none; `values` are as PostgreSQL writes them.

        Raises psycopg.Error, PoolTimeout where no connection is to be had.
        """
        if self._connection is not None and _is_lost(self._connection.pgconn):
            await self.close()
        connection = self._connection or await self._connect()
        pgconn = connection.pgconn
        try:
            pgconn.send_query_prepared(_NAME, values)
            result = await answer_of(pgconn)
            check(result)
            return result.get_value(0, 0) or b""
        except BaseException:
            if pgconn.transaction_status != TransactionStatus.IDLE:
                # Lost, or somebody who waited went away: what comes next is not our answer.
                await self.close()
            raise

    async def _connect(self) -> AsyncConnection[Any]:
        connection = await self._pool.getconn()
        self._connection = connection
        try:
            connection.pgconn.send_prepare(_NAME, self._statement)
            check(await answer_of(connection.pgconn))
        except BaseException:
            await self.close()
            raise
        return connection


def _is_lost(pgconn: PGconn) -> bool:
    """Tell whether the server has hung up since the last answer."""
    try:
        pgconn.consume_input()  # reads what it said in parting
        pgconn.consume_input()  # finds that nothing follows
    except OperationalError:
        return True
    return False
