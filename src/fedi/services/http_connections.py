"""HTTP/1.1 connections to other servers, and those that wait to be used again.

One small list per origin: a shared pool that scans all its connections did 229 requests a second, this does thousands.
"""

import asyncio
import functools
import ssl
from collections.abc import AsyncIterator, Mapping
from time import monotonic

import h11

from fedi.services.http_plain import MAX_HEAD, Told, read_plain, write_post

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
        self._lasts = True

    @functools.cached_property
    def _http(self) -> h11.Connection:
        """Made when it is first needed, which on most connections is never."""
        return h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD)

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
        data = self._announced(method, target, headers, body)
        try:
            await self._send(data)
            return await self._head()
        except ConnectionError as error:
            raise ConnectionLostError from error

    async def tell(self, target: str, headers: Mapping[str, str], body: bytes) -> Told | h11.Response:
        """Send a POST and return what its answer says, or its head if it is not plain. Raises as `request` does."""
        try:
            await self._send(write_post(target, headers, body))
            if not (received := await self._reader.read(_CHUNK)):
                raise ConnectionResetError("closed before an answer")
            if plain := read_plain(received):
                told, self._lasts = plain
                return told
            encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
            self._announced("POST", target, encoded, body)
            self._http.receive_data(received)
            return await self._head()
        except ConnectionError as error:
            raise ConnectionLostError from error

    async def body(self) -> AsyncIterator[bytes]:
        """Yield the answer's body as it arrives, undecoded. Raises `OSError`, `h11.ProtocolError`."""
        while isinstance(event := await self._next_event(), h11.Data):
            yield bytes(event.data)

    def renew(self) -> bool:
        """Make ready for another request; False if this connection cannot serve one."""
        if not self._lasts or not self.alive:
            return False
        if "_http" not in vars(self) or self._http.our_state is h11.IDLE:  # the last answer was plain
            return True
        # What came without being asked for would be taken for the answer to the next request.
        if {self._http.our_state, self._http.their_state} != {h11.DONE} or self._http.trailing_data[0]:
            return False
        self._http.start_next_cycle()
        return True

    def close(self) -> None:
        """End the connection at once."""
        self._writer.transport.abort()

    def _announced(self, method: str, target: str, headers: list[tuple[bytes, bytes]], body: bytes) -> bytes:
        """Tell h11 what is sent, so that it can read the answer; return how h11 writes it."""
        data = self._http.send(h11.Request(method=method, target=target, headers=headers)) or b""
        if body:
            data += self._http.send(h11.Data(data=body)) or b""
        return data + (self._http.send(h11.EndOfMessage()) or b"")

    async def _send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def _head(self) -> h11.Response:
        while not isinstance(event := await self._next_event(), h11.Response):
            if not isinstance(event, h11.InformationalResponse):
                raise h11.RemoteProtocolError("an answer without a head")
        return event

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
