"""HTTP/1.1 connections to other servers, and those that wait to be used again.

One small list per origin: a shared pool that scans all its connections did 229 requests a second, this does thousands.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from time import monotonic

import h11

MAX_HEAD = 32_768
MAX_IDLE = 256
IDLE_SECONDS = 30.0
_CHUNK = 65_536


class ConnectionLostError(Exception):
    """The connection ended before an answer began; on a used connection that says nothing about the server."""


class Connection:
    """One connection: a request at a time, its answer's head, its answer's body."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD)

    @classmethod
    async def open(cls, address: str, port: int, tls: ssl.SSLContext | None, name: str) -> "Connection":
        """Connect to an IP address; `name` is what the certificate must be for. Raises OSError."""
        server_hostname = None if tls is None else name
        return cls(*await asyncio.open_connection(address, port, ssl=tls, server_hostname=server_hostname))

    @property
    def alive(self) -> bool:
        """Whether the other side has kept the connection open, as far as can be seen without asking."""
        return not (self._reader.at_eof() or self._writer.is_closing())

    async def request(self, method: str, target: str, headers: list[tuple[bytes, bytes]], body: bytes) -> h11.Response:
        """Send a request and return the head of its answer.

        Raises `ConnectionLostError`, `OSError`, `h11.ProtocolError`.
        """
        data = self._http.send(h11.Request(method=method, target=target, headers=headers)) or b""
        if body:
            data += self._http.send(h11.Data(data=body)) or b""
        data += self._http.send(h11.EndOfMessage()) or b""
        try:
            self._writer.write(data)
            await self._writer.drain()
            while not isinstance(event := await self._next_event(), h11.Response):
                if not isinstance(event, h11.InformationalResponse):
                    raise h11.RemoteProtocolError("an answer without a head")
        except ConnectionError as error:
            raise ConnectionLostError from error
        return event

    async def body(self) -> AsyncIterator[bytes]:
        """Yield the answer's body as it arrives, undecoded. Raises `OSError`, `h11.ProtocolError`."""
        while isinstance(event := await self._next_event(), h11.Data):
            yield bytes(event.data)

    def renew(self) -> bool:
        """Make ready for another request; False if this connection cannot serve one."""
        if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE or not self.alive:
            return False
        self._http.start_next_cycle()
        return True

    def close(self) -> None:
        """End the connection at once."""
        self._writer.transport.abort()

    async def _next_event(self) -> object:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            data = await self._reader.read(_CHUNK)
            if not data and self._http.their_state is h11.SEND_RESPONSE:
                raise ConnectionResetError("closed before an answer")
            self._http.receive_data(data)
        return event


class IdleConnections:
    """Connections that wait for the next request to their origin: the latest used first, the oldest dropped first."""

    def __init__(self) -> None:
        self._by_origin: dict[str, list[Connection]] = {}
        self._since: dict[Connection, tuple[str, float]] = {}

    def take(self, origin: str) -> Connection | None:
        """Return a live connection to an origin, if one waits."""
        self._drop_old()
        while waiting := self._by_origin.get(origin):
            connection = waiting[-1]
            self._forget(connection)
            if connection.alive:
                return connection
            connection.close()
        return None

    def put(self, origin: str, connection: Connection) -> None:
        """Keep a connection whose answer has been read to its end; it is closed if it cannot be used again."""
        if not connection.renew():
            connection.close()
            return
        self._by_origin.setdefault(origin, []).append(connection)
        self._since[connection] = (origin, monotonic())
        self._drop_old()

    def close(self) -> None:
        """Close all."""
        while self._since:
            self._drop(next(iter(self._since)))

    def _drop_old(self) -> None:
        latest = monotonic() - IDLE_SECONDS
        while self._since:
            oldest, (_, since) = next(iter(self._since.items()))
            if since > latest and len(self._since) <= MAX_IDLE:
                return
            self._drop(oldest)

    def _drop(self, connection: Connection) -> None:
        self._forget(connection)
        connection.close()

    def _forget(self, connection: Connection) -> None:
        origin, _ = self._since.pop(connection)
        waiting = self._by_origin[origin]
        waiting.remove(connection)
        if not waiting:
            del self._by_origin[origin]
