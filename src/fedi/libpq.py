"""Asking the database by libpq's own functions, and waiting in the event loop for what it answers.

psycopg borrows a connection, makes a cursor, looks at the type of each parameter, waits by means of several tasks and
makes a Python object of each column. Where somebody waits for one small answer, that takes longer than the answer.
"""

import asyncio

from psycopg import OperationalError, pq
from psycopg.errors import error_from_result
from psycopg.pq.abc import PGconn, PGresult


async def answer_of(pgconn: PGconn) -> PGresult:
    """Send what is still to be sent and return its one answer; the connection must not block.

    Whoever gives up waiting must close the connection: the answer may be on its way. Raises psycopg.OperationalError
    where the connection is lost.
    """
    while pgconn.flush():
        await _when_ready(pgconn.socket, to_write=True)
        pgconn.consume_input()  # a server that has something to say may take nothing until it was read
    answer: PGresult | None = None
    while True:
        while pgconn.is_busy():
            await _when_ready(pgconn.socket)
            pgconn.consume_input()
        result = pgconn.get_result()
        if result is None:
            break
        answer = result
    if answer is None:
        raise OperationalError(pgconn.get_error_message())
    return answer


def check(result: PGresult) -> None:
    """Raise what a result says went wrong, if anything did: psycopg.Error."""
    if result.status in {pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK}:
        return
    if result.error_field(pq.DiagnosticField.SQLSTATE) is None:
        # Not the server says so, but libpq: the connection is lost. psycopg would call that no outage.
        raise OperationalError(result.get_error_message())
    raise error_from_result(result)


async def _when_ready(socket: int, *, to_write: bool = False) -> None:
    """Wait until there is something to read, or room `to_write`. Then the socket is let go of: libpq may close it."""
    loop = asyncio.get_running_loop()
    woken: asyncio.Future[None] = loop.create_future()
    loop.add_reader(socket, _wake, woken)
    if to_write:
        loop.add_writer(socket, _wake, woken)
    try:
        await woken
    finally:
        loop.remove_reader(socket)
        if to_write:
            loop.remove_writer(socket)


def _wake(woken: "asyncio.Future[None]") -> None:
    if not woken.done():
        woken.set_result(None)
