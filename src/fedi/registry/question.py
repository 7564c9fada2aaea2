"""One statement that is asked again and again, over a connection that nobody else has, answered by one value.

psycopg borrows a connection, makes a cursor, looks at the type of each parameter, waits by means of several tasks and
makes a Python object of each column. Where somebody waits for a single row, and the process has done other things
meanwhile, that takes longer than the answer. So the statement is prepared once and goes to libpq as it is; what comes
back is mostly JSON. How connections are made, and made again, is the pool's.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import psycopg
from psycopg import AsyncConnection
from psycopg.pq import ConnStatus
from psycopg.pq.abc import PGconn, PGresult
from psycopg.sql import SQL

from fedi.registry.pool import Pool
from fedi.sql import check

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
        self._line: _Line | None = None

    async def close(self) -> None:
        """Give the connection back."""
        await self._hang_up()

    async def ask(self, values: Sequence[bytes | None]) -> bytes:
        """Return the first column of the first row, empty if there is none; `values` are as PostgreSQL writes them.

        Raises psycopg.Error, PoolTimeout where no connection is to be had.
        """
        line = self._line if self._line is not None and not self._line.is_lost else await self._connect()
        try:
            result = await line.answer(lambda conn: conn.send_query_prepared(_NAME, values))
            return result.get_value(0, 0) or b""
        except BaseException:
            if not line.is_at_rest:  # lost, or somebody who waited went away: what comes next is not our answer
                await self._hang_up()
            raise

    async def _connect(self) -> "_Line":
        await self._hang_up()
        line = _Line(await self._pool.getconn())
        self._line = line
        try:
            await line.answer(lambda conn: conn.send_prepare(_NAME, self._statement))
        except BaseException:
            await self._hang_up()
            raise
        return line

    async def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            await self._pool.putconn(line.hang_up())


class _Line:
    """A connection while it is read by libpq alone."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection
        self._conn: PGconn = connection.pgconn
        self._socket = self._conn.socket
        self._result: PGresult | None = None
        self._answer: asyncio.Future[PGresult] | None = None
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket, self._read)
        self.is_lost = False

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing is under way, so that something else may be asked."""
        return not self.is_lost and self._answer is None and self._conn.status == ConnStatus.OK

    async def answer(self, send: Callable[[PGconn], None]) -> PGresult:
        """Send something, and return what it came to. Raises psycopg.Error."""
        self._result, self._answer = None, self._loop.create_future()
        send(self._conn)
        self._flush()
        result = await self._answer
        self._answer = None
        check(result)
        return result

    def hang_up(self) -> AsyncConnection[Any]:
        """Return the connection to whoever has it next."""
        if not self.is_lost:
            self._stop()
        return self._connection

    def _flush(self) -> None:
        if self._conn.flush():
            self._loop.add_writer(self._socket, self._flush)
        else:
            self._loop.remove_writer(self._socket)

    def _read(self) -> None:
        try:
            self._conn.consume_input()
            while not self._conn.is_busy():
                result = self._conn.get_result()
                if result is None:
                    break
                self._result = result
            else:
                return
        except psycopg.Error as error:
            self._lose(error)
            return
        if self._answer is not None and not self._answer.done() and self._result is not None:
            self._answer.set_result(self._result)

    def _lose(self, error: psycopg.Error) -> None:
        self._stop()
        self.is_lost = True
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)

    def _stop(self) -> None:
        self._loop.remove_reader(self._socket)
        self._loop.remove_writer(self._socket)
