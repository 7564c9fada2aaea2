"""hypercorn's WebSockets, made fit for thousands that stay open; hypercorn has no settings for this.

- Nothing is compressed: a compressor takes 256 KB a socket, and each would compress the same message anew.
- Whoever answers nothing from one ping to the next is given up, as Mastodon does.
- Messages that were made ready may go to the connection as they are, past hypercorn's layers, as long as nothing waits
  there: where a thousand are told the same, the layers cost as much as the writing.
- Pings end with their socket. hypercorn lets them sleep on, which keeps closed connections in memory for half a minute
  and holds up the end of the process.
"""

import asyncio
import contextlib
import dataclasses

import hypercorn.protocol.h11
from hypercorn.protocol.events import Data, Event, Request, StreamClosed
from hypercorn.protocol.ws_stream import WSStream
from hypercorn.typing import ConnectionState
from wsproto.connection import ConnectionState as Phase
from wsproto.events import Ping

from fedi.hypercorn_connections.connection import TRANSPORT

WRITE_NOW = "fedi.write_now"
"""The name under which the state of a WebSocket holds `LastingStream.write_now`."""


def install() -> None:
    """Have hypercorn serve WebSockets in this way, in this process."""
    vars(hypercorn.protocol.h11)["WSStream"] = LastingStream


class LastingStream(WSStream):
    """One WebSocket."""

    _heard = False

    async def handle(self, event: Event) -> None:
        """Take in what comes from the connection."""
        if isinstance(event, Request):
            plain = [each for each in event.headers if each[0].lower() != b"sec-websocket-extensions"]
            self._transport = event.state.pop(TRANSPORT)
            state = ConnectionState({**event.state, WRITE_NOW: self.write_now})
            event = dataclasses.replace(event, headers=plain, state=state)
            self._gone = asyncio.Event()
        self._heard = self._heard or isinstance(event, Data)
        await super().handle(event)
        if self.closed:
            self._gone.set()

    def write_now(self, frames: bytes) -> bool:
        """Write whole frames if the connection takes them at once. Who came to the end takes all, and loses it."""
        if self.closed or self.connection.state is not Phase.OPEN or self._transport.is_closing():
            return True
        if self._transport.get_write_buffer_size():
            return False
        self._transport.write(frames)
        return True

    async def _send_pings(self) -> None:
        while not self.closed:
            self._heard = False
            await self._send_wsproto_event(Ping())
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.config.websocket_ping_interval):
                    await self._gone.wait()
            if not self._heard and not self.closed:
                await self.send(StreamClosed(stream_id=self.stream_id))
