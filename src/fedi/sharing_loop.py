"""An event loop whose servers share a listening socket evenly with other processes.

All processes that listen are woken by a new connection, and the first one woken takes it, with all others that wait:
of eight connections opened at once, one process had all eight in a third of the tries, and the other core was idle. So
a process waits a little before it takes one, the longer the more it has, and whoever has fewer is there first.
"""

import asyncio
import contextlib
import logging
import weakref
from collections.abc import Callable
from socket import IPPROTO_TCP, TCP_NODELAY, socket
from typing import Any

import uvloop

STEP_SECONDS = 0.0005
MOST_SECONDS = 0.005
"""How long a process waits for each connection that it has, and at most."""
LOT = 16
"""For so many connections that it has, a process takes one more at a time: thousands may come back at once."""
RELIEF_SECONDS = 1.0
"""How long no connection is taken when there is no room for one: no file descriptors, usually."""
_log = logging.getLogger(__name__)
Factory = Callable[[], asyncio.BaseProtocol]


class SharingLoop(uvloop.Loop):
    """As uvloop's, but for servers that are given a socket that listens."""

    async def create_server(self, protocol_factory: Factory, *args: Any, **options: Any) -> Any:
        """Return a server that accepts connections until it is closed, and can do nothing else."""
        door = options.get("sock")
        if door is None:
            return await super().create_server(protocol_factory, *args, **options)
        return _Server(self, protocol_factory, door)


class _Server:
    def __init__(self, loop: asyncio.AbstractEventLoop, factory: Factory, door: socket) -> None:
        self._loop = loop
        self._factory = factory
        self._door = door
        self._connections: weakref.WeakSet[asyncio.BaseTransport] = weakref.WeakSet()
        door.setblocking(False)
        self._accepting = loop.create_task(self._accept())

    def close(self) -> None:
        """Accept no more; connections that there are stay."""
        self._accepting.cancel()

    async def wait_closed(self) -> None:
        """Wait until no more are accepted."""
        await asyncio.wait([self._accepting])

    async def _accept(self) -> None:
        while True:
            await self._knock()
            own = sum(not each.is_closing() for each in self._connections)
            await asyncio.sleep(min(own * STEP_SECONDS, MOST_SECONDS))
            try:
                with contextlib.suppress(BlockingIOError):  # another process was quicker
                    for _ in range(1 + own // LOT):
                        await self._take()
            except ConnectionError:
                pass  # who knocked has gone already
            except OSError as error:
                _log.warning("no connection can be taken: %s", error)
                await asyncio.sleep(RELIEF_SECONDS)

    async def _take(self) -> None:
        taken, _ = self._door.accept()
        taken.setblocking(False)
        taken.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        transport, _ = await self._loop.connect_accepted_socket(self._factory, taken)
        self._connections.add(transport)

    async def _knock(self) -> None:
        """Wait until a connection waits."""
        knocked = asyncio.Event()
        self._loop.add_reader(self._door, knocked.set)
        try:
            await knocked.wait()
        finally:
            self._loop.remove_reader(self._door)
