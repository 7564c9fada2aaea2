"""A client of Redis whose commands share one connection: what many coroutines ask at the same moment goes out in one
write, and while the answers are under way, the next lot gathers.

The library borrows a connection for each command, looks whether it still stands, times the sending and the reading, and
counts all of it: five times what the command itself costs. Everything else is the library's: how a connection is made
(TLS, passwords, Sentinels), how answers are read and what they become. Pipelines and subscriptions have connections of
their own, as ever.
"""

import asyncio
from typing import TYPE_CHECKING, Any

import hiredis
import msgspec
from redis.asyncio import Connection, Redis
from redis.exceptions import ConnectionError as LostError
from redis.exceptions import ResponseError
from redis.exceptions import TimeoutError as LateError

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE_SECONDS = 2.0
"""How long the answers to one lot may take; then the connection is given up, and what was asked has failed."""
AGAIN_SECONDS = 0.5
"""How long after that it is tried again whether the server answers."""
_CLOSED = "the client was closed"
_SILENT = "Redis does not answer"


class _Asked(msgspec.Struct, frozen=True):
    name: str
    packed: bytes
    options: dict[str, Any]
    answer: asyncio.Future[Any]


class SharingRedis(Redis):
    """Not for commands that block: everybody would wait with them.

    A command fails as with the library's own client: with its ResponseError, or with a ConnectionError or TimeoutError,
    and then it may have been carried out. Nothing is sent twice.

    A server that accepts commands and does not answer (its machine is stopped, its disk holds it up) keeps only those
    waiting who ask first. As long as it is silent, whoever asks hears so at once.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._waiting: list[_Asked] = []
        self._sending: asyncio.Task[None] | None = None
        self._line: Connection | None = None
        self._is_silent = False

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        """Return the answer to a command. Raises TypeError, and sends nothing, if it holds what has no bytes."""
        if self._is_silent:
            raise LateError(_SILENT)
        asked = _Asked(args[0], _packed(*args), options, asyncio.get_running_loop().create_future())
        self._waiting.append(asked)
        if self._sending is None:
            self._sending = asyncio.create_task(self._send())
        return await asked.answer

    async def aclose(self, close_connection_pool: bool | None = None) -> None:
        """Close all connections; what is still asked fails."""
        if self._sending is not None:
            self._sending.cancel()
            await asyncio.wait([self._sending])
            self._sending = None
        _fail(self._waiting, LostError(_CLOSED))  # not left to the task: it may not even have begun
        self._waiting = []
        await self._hang_up()
        await super().aclose(close_connection_pool)

    async def _send(self) -> None:
        lot: list[_Asked] = []
        try:
            while self._waiting:
                lot, self._waiting = self._waiting, []
                await self._send_lot(lot)
                if self._is_silent:
                    _fail(self._waiting, LateError(_SILENT))
                    self._waiting = []
                    await self._wait_for_an_answer()
        except asyncio.CancelledError:
            _fail(lot, LostError(_CLOSED))
            raise
        finally:
            self._sending = None

    async def _wait_for_an_answer(self) -> None:
        """Ask a silent server for a sign of life until it gives one, or refuses to."""
        while self._is_silent:
            await asyncio.sleep(AGAIN_SECONDS)
            sign = _Asked("PING", _packed("PING"), {}, asyncio.get_running_loop().create_future())
            await self._send_lot([sign])
            sign.answer.exception()  # nobody else hears of it

    async def _send_lot(self, lot: list[_Asked]) -> None:
        silent = False
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                line = await self._connected()
                await line.send_packed_command(b"".join(asked.packed for asked in lot), check_health=False)
                for asked in lot:
                    await self._answer(line, asked)
        except TimeoutError:
            silent = True
            await self._hang_up()
            _fail(lot, LateError(_SILENT))
        except Exception as error:  # whatever it is: who asked would wait for ever, and so would all who ask next
            await self._hang_up()
            _fail(lot, error)
        self._is_silent = silent

    async def _answer(self, line: Connection, asked: _Asked) -> None:
        try:
            answer = await self.parse_response(line, asked.name, **asked.options)
        except (ResponseError, ValueError, LookupError, TypeError) as error:  # what was read, it makes nothing of
            _fail([asked], error)
        else:
            if not asked.answer.done():
                asked.answer.set_result(answer)

    async def _connected(self) -> Connection:
        """Return the connection; a new one where there is none, or the server has closed it meanwhile."""
        if self._line is not None and (not self._line.is_connected or await self._line.can_read()):
            await self._hang_up()
        if self._line is None:
            make: Callable[[], Connection] = self.connection_pool.make_connection  # the library gives it no types
            line = make()
            line.socket_timeout = None  # a lot has its time as a whole, and no task is made for each command
            await self.connection_pool.ensure_connection(line)
            self._line = line
        return self._line

    async def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            await line.disconnect(nowait=True)


def _packed(name: str, *rest: Any) -> bytes:
    packed: bytes = hiredis.pack_command((*name.split(), *rest))
    return packed


def _fail(lot: list[_Asked], error: Exception) -> None:
    for asked in lot:
        if not asked.answer.done():
            asked.answer.set_exception(error)
