"""An application behind hypercorn as the program serves it: on uvloop, in a thread of its own, with short patience."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, cast

import hypercorn.asyncio
import uvloop
from hypercorn.config import Config
from starlette.types import ASGIApp

from fedi import hypercorn_connections
from fedi.streams import hypercorn_websockets

if TYPE_CHECKING:
    from hypercorn.typing import Framework

IDLE = 0.4
"""Seconds for which nobody need ask."""
GRACE = 5
"""Seconds that answers have at the end."""

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Door:
    """Where the server listens, and how it is told to end."""

    def __init__(self) -> None:
        self.port = 0
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._told = asyncio.Event()
        self._ended = threading.Event()

    def tell_to_end(self) -> None:
        """Tell the server to end; once is enough."""
        loop, self._loop = self._loop, None
        if loop is not None:
            loop.call_soon_threadsafe(self._told.set)

    async def serve(self, app: ASGIApp, idle: float) -> None:
        """Serve until told to end."""
        config = Config()
        config.keep_alive_timeout, config.graceful_timeout, config.loglevel = idle, GRACE, "CRITICAL"
        listening = socket.create_server(("127.0.0.1", 0))
        self.port, self._loop = listening.getsockname()[1], asyncio.get_running_loop()
        config.bind = [f"fd://{listening.detach()}"]
        self._ready.set()
        await hypercorn.asyncio.serve(cast("Framework", app), config, shutdown_trigger=self._told.wait)
        self._ended.set()

    def wait(self) -> None:
        """Wait until it has ended."""
        self._ended.wait()

    def open(self) -> "Door":
        """Wait until the server listens."""
        self._ready.wait()
        return self


@contextlib.contextmanager
def opened(app: ASGIApp, *, idle: float = IDLE) -> Iterator[Door]:
    """Serve an application."""
    hypercorn_connections.install()
    hypercorn_websockets.install()
    door = Door()
    thread = threading.Thread(target=lambda: uvloop.run(door.serve(app, idle)))
    thread.start()
    try:
        yield door.open()
    finally:
        door.tell_to_end()
        thread.join()


@contextlib.asynccontextmanager
async def connected(door: Door) -> AsyncIterator[Streams]:
    """Connect to it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def exchange(door: Door, sent: bytes) -> bytes:
    """Send something and return all that comes until the server closes the connection."""
    async with asyncio.timeout(30), connected(door) as (reader, writer):
        writer.write(sent)
        return await reader.read()


async def until_let_go(reader: asyncio.StreamReader) -> bytes:
    """Return all that comes until the server lets go: with a word, or without one to who is still sending."""
    came = b""
    with contextlib.suppress(ConnectionResetError):
        while part := await reader.read(65_536):
            came += part
    return came
