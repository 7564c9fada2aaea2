"""The bytes of a connection: those that came and wait to be read, and those that go out."""

import asyncio
from collections.abc import Iterable

MAX_WAITING = 65_536
"""Bytes that may wait to be read; the sender is stopped while there are more."""


class Wire(asyncio.Protocol):
    """What asyncio tells of a connection, without a stream in between.

    `before` is told when the connection ends: it knows who waits for that.
    """

    def __init__(self, transport: asyncio.Transport, before: asyncio.BaseProtocol) -> None:
        self.received = bytearray()
        self.ended = False
        """Whether nothing more will come."""
        self._transport = transport
        self._before = before
        self._stopped = False
        self._news = asyncio.Event()
        self._writable = asyncio.Event()
        self._writable.set()

    def data_received(self, data: bytes) -> None:
        """Keep what came."""
        self.received += data
        if len(self.received) > MAX_WAITING and not self._stopped:
            self._stopped = True
            self._transport.pause_reading()
        self._news.set()

    def eof_received(self) -> bool:
        """Nothing more comes; the answer may still go out."""
        self.ended = True
        self._news.set()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Wake all who wait."""
        self.ended = True
        self._news.set()
        self._writable.set()
        self._before.connection_lost(exc)

    def pause_writing(self) -> None:
        """Let writers wait: the other side does not take what is sent."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """Let them go on."""
        self._writable.set()

    async def news(self) -> None:
        """Wait until something has come, the connection has ended, or `wake` was called."""
        self._news.clear()
        await self._news.wait()

    def wake(self) -> None:
        """Let who waits for news look again."""
        self._news.set()

    def take(self, size: int) -> bytes:
        """Return at most so many of the bytes that came, and let more come."""
        taken = bytes(self.received[:size])
        del self.received[:size]
        if self._stopped and len(self.received) <= MAX_WAITING and not self._transport.is_closing():
            self._stopped = False
            self._transport.resume_reading()
        return taken

    async def write(self, parts: Iterable[bytes]) -> None:
        """Send something in one piece, and wait while too much waits to be sent. Nothing goes to who is gone."""
        if not self._transport.is_closing():
            self._transport.write(b"".join(parts))
            if not self._writable.is_set():
                await self._writable.wait()
