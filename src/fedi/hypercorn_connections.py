"""hypercorn's connections, with less to do for each request; hypercorn has no settings for this.

- The head of an answer goes out with the first of its body: one write to the socket, one packet for the reader, instead
  of two or three.
- A connection has one timer for when nobody asks any more, instead of a new task after each request.
- Whoever begins to send something must go on: a body sent halfway would hold its connection for ever.

The first two together are a quarter of what hypercorn takes for a request.
"""

import asyncio
import contextlib

import h11
import hypercorn.asyncio.run
import hypercorn.protocol
from hypercorn.asyncio.tcp_server import MAX_RECV, TCPServer
from hypercorn.events import Closed, Event, RawData, Updated
from hypercorn.protocol.h11 import H11Protocol
from hypercorn.typing import H11SendableEvent

BODY_SECONDS = 60.0
"""How long nothing more of a body may come."""
BODY_RATE = 1_000
"""Bytes a second that a body must come to, once that time is over: drops one by one would hold a connection as well."""


def install() -> None:
    """Have hypercorn serve connections in this way, in this process."""
    vars(hypercorn.protocol)["H11Protocol"] = WholeAnswers
    vars(hypercorn.asyncio.run)["TCPServer"] = OneTimer


class WholeAnswers(H11Protocol):
    """HTTP/1.1. The head waits for what follows it: ASGI lets no answer be without a body, were it an empty one."""

    _head = b""

    async def _send_h11_event(self, event: H11SendableEvent) -> None:
        try:
            data = self.connection.send(event) or b""
        except h11.LocalProtocolError:
            if self.connection.their_state != h11.ERROR:
                raise
            return
        if isinstance(event, h11.Response):
            self._head = data
            return
        data, self._head = self._head + data, b""
        if data:
            await self.send(RawData(data=data))


class OneTimer(TCPServer):
    """A connection that is closed when nobody has asked for `keep_alive_timeout` seconds, when what is sent stops
    halfway or comes too slowly, or when the server ends.

    Only time that is spent waiting for the sender counts: whoever takes in what came may take longer.
    """

    _idle_since: float | None = None
    _reading_since: float | None = None
    _waited = 0.0
    _received = 0

    async def protocol_send(self, event: Event) -> None:
        """Take in what comes from the protocol."""
        if isinstance(event, Updated):
            self._idle_since = self.loop.time() if event.idle else None
            self._waited, self._received = 0.0, 0
        else:
            await super().protocol_send(event)

    async def _read_data(self) -> None:
        with contextlib.suppress(OSError):
            while not self.reader.at_eof():
                self._reading_since = began = self.loop.time()
                data = await self.reader.read(MAX_RECV)
                self._reading_since = None
                self._waited += self.loop.time() - began
                self._received += len(data)
                await self.protocol.handle(RawData(data))
        await self.protocol.handle(Closed())

    async def _idle_timeout(self) -> None:
        self._idle_since = self.loop.time()
        while (patience := self._patience()) > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.context.terminated.wait(), patience)
                if self._idle_since is not None:
                    break
                return  # the protocol closes the connection after the answer that is being written
        await asyncio.shield(self._initiate_server_close())

    def _patience(self) -> float:
        """Return how many seconds it may still take until somebody asks, or goes on with what they send."""
        timeout = self.config.keep_alive_timeout
        if self._idle_since is not None:
            return self._idle_since + timeout - self.loop.time()
        if self._reading_since is None or not self._in_body():
            return timeout
        silent = self.loop.time() - self._reading_since
        slow = self._waited + silent - self._received / BODY_RATE
        left = BODY_SECONDS - max(silent, slow)
        return max(left, 1.0) if left > 0 else 0.0  # who keeps just above the rate need not be looked at all the time

    def _in_body(self) -> bool:
        protocol = self.protocol.protocol
        connection = protocol.connection if isinstance(protocol, H11Protocol) else None
        return isinstance(connection, h11.Connection) and connection.their_state is h11.SEND_BODY
