"""A connection from its first byte to its last."""

import asyncio
import contextlib
import functools
import time
from socket import socket
from typing import cast
from urllib.parse import unquote

from hypercorn.asyncio.tcp_server import MAX_RECV, TCPServer
from hypercorn.config import Config
from hypercorn.events import Closed, Event, RawData, Updated
from hypercorn.typing import ConnectionState, HTTPScope
from hypercorn.utils import parse_socket_addr

from fedi.hypercorn_connections.exchange import CLOSE, Exchange
from fedi.hypercorn_connections.heads import Head, Refused, read_head, write_head
from fedi.hypercorn_connections.other_requests import OneRequest
from fedi.hypercorn_connections.patience import Patience
from fedi.hypercorn_connections.wire import Wire

TRANSPORT = "fedi.transport"
"""The name under which the state of a connection that is hypercorn's holds what it is written to."""
LINGER_SECONDS = 2.0
"""How long somebody may still send what nobody reads any more."""
_ALL = 1 << 20
"""More bytes than a stream keeps."""


class Connection(TCPServer):
    """Answers plain requests one after the other, all in one task. One of another form is hypercorn's, and the last.

    It is closed when somebody's patience is asked for too much, or when the server ends.
    """

    _wire: Wire | None = None
    _handed_over = False
    _lingered = False

    async def run(self) -> None:
        """Serve the connection until it ends."""
        self._patience = Patience(self.config.keep_alive_timeout, self.loop.time)
        watching = self.loop.create_task(self._idle_timeout())
        try:
            with contextlib.suppress(OSError):
                self._handed_over = await self._plain_requests()
        finally:
            watching.cancel()
            if not self._handed_over:
                await self._close()
        if self._handed_over:
            self.state = {**self.state, TRANSPORT: self.writer.transport}
            await super().run()

    async def protocol_send(self, event: Event) -> None:
        """Take in what comes from hypercorn's protocol."""
        if not isinstance(event, Updated):
            await super().protocol_send(event)
        elif not event.idle:
            self._patience.asked()

    async def _close(self) -> None:
        if self._wire is not None and self._breaks_off() and not self.reader.at_eof() and not self._lingered:
            self._lingered = True
            transport = cast("asyncio.Transport", self.writer.transport)
            transport.set_protocol(self._wire)  # the stream would stop the sender when it has enough
            transport.resume_reading()
            await self._linger(self._wire)
        await super()._close()

    async def _plain_requests(self) -> bool:
        """Return whether a request of another form waits in the stream."""
        ends = _Ends(self.writer.get_extra_info("socket"))
        first = await self.reader.read(_ALL)
        if not first:
            return False
        transport = cast("asyncio.Transport", self.writer.transport)  # that of a socket goes both ways
        stream = transport.get_protocol()
        self._wire = wire = Wire(transport, stream)
        transport.set_protocol(wire)
        wire.data_received(first)
        if self.reader.at_eof():
            wire.eof_received()
        if not await self._answer(wire, ends) or transport.is_closing():
            return False
        rest = wire.take(len(wire.received))
        transport.set_protocol(stream)
        self.reader.feed_data(rest)
        if wire.ended:
            self.reader.feed_eof()
        return True

    async def _answer(self, wire: Wire, ends: "_Ends") -> bool:
        """Answer while plain requests come. Returns whether one of another form came."""
        while not self.context.terminated.is_set():
            try:
                head = await self._next(wire)
            except Refused as refused:
                fields = [(b"content-length", b"0"), CLOSE]
                await wire.write([write_head(refused.status, fields, common_lines(self.config, int(time.time())))])
                await self._linger(wire)
                return False
            if head is None:
                return False
            if not head.plain:
                return True
            wire.take(head.size)
            if not await self._exchange(head, wire, ends):
                return False
            if wire.received:  # who sends many requests at once gets no more than their turn
                await asyncio.sleep(0)
        return False

    async def _next(self, wire: Wire) -> Head | None:
        """Return the next head; None if no more will come. Raises `Refused`."""
        while (head := read_head(wire.received)) is None and not wire.ended:
            await wire.news()
        return head

    async def _exchange(self, head: Head, wire: Wire, ends: "_Ends") -> bool:
        """Answer one request. Returns whether another may follow."""
        self._patience.asked()
        exchange = Exchange(head, wire, self._patience, common_lines(self.config, int(time.time())))
        try:
            await self.app(self._scope(head, ends), exchange.receive, exchange.send, _nothing, _nothing)
        except Exception:
            await self.config.log.exception("Error in ASGI Framework")
        again = await exchange.finish()
        if exchange.unread:
            await self._linger(wire)
        self._patience.answered()
        return again

    async def _linger(self, wire: Wire) -> None:
        """Take what still comes: to close the connection before that takes the answer back (RFC 9112 §9.6)."""
        if self.writer.is_closing():
            return
        self.writer.write_eof()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LINGER_SECONDS):
                while not wire.ended:
                    wire.take(len(wire.received))
                    await wire.news()

    def _scope(self, head: Head, ends: "_Ends") -> HTTPScope:
        path, _, query = head.target.partition(b"?")
        shown = path.decode("ascii")
        return {
            "type": "http",
            "http_version": "1.1",
            "asgi": {"spec_version": "2.1", "version": "3.0"},
            "method": head.method.decode("ascii"),
            "scheme": "http",
            "path": unquote(shown) if "%" in shown else shown,
            "raw_path": path,
            "query_string": query,
            "root_path": self.config.root_path,
            "headers": head.fields,
            "client": ends.client,
            "server": ends.server,
            "state": ConnectionState(self.state.copy()),
            "extensions": {},
        }

    async def _read_data(self) -> None:
        with contextlib.suppress(OSError):
            while not self.reader.at_eof():
                self._patience.reads()
                data = await self.reader.read(MAX_RECV)
                self._patience.has_read(len(data))
                await self.protocol.handle(RawData(data))
        await self.protocol.handle(Closed())
        await self.idle_task.stop()  # else the connection would wait for its own timer, and that for the connection

    async def _idle_timeout(self) -> None:
        while (seconds := self._patience.left(in_body=self._in_body())) > 0:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self.context.terminated.wait()
                if self._patience.idle:
                    break
                return  # the connection is closed after the answer that is being written
        await asyncio.shield(self._initiate_server_close())

    def _in_body(self) -> bool:
        """Whether it is a body, if anything, that is waited for."""
        if not self._handed_over:
            return True
        protocol = self.protocol.protocol
        return isinstance(protocol, OneRequest) and protocol.in_body

    def _breaks_off(self) -> bool:
        """Whether a request that hypercorn reads has an end that nobody will read."""
        if not self._handed_over or not hasattr(self, "protocol"):  # it went before there was one
            return False
        protocol = self.protocol.protocol
        return isinstance(protocol, OneRequest) and (protocol.in_body or protocol.in_error)

    async def _initiate_server_close(self) -> None:
        if self._handed_over:
            await super()._initiate_server_close()
        else:
            self.writer.close()


class _Ends:
    """Between whom a connection is."""

    def __init__(self, socket: socket) -> None:
        self.client = parse_socket_addr(socket.family, socket.getpeername())
        self.server = parse_socket_addr(socket.family, socket.getsockname())


@functools.lru_cache(maxsize=1)
def common_lines(config: Config, _second: int) -> bytes:
    """Return the lines that every answer has; they are the same for a second."""
    return b"".join(b"%b: %b\r\n" % field for field in config.response_headers("h11"))


def _nothing() -> None:
    """Stand where hypercorn gives applications of another kind, which have threads, a way out of these."""
