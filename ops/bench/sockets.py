"""Many websockets that only listen, and note when they hear the words that are listened for."""

import asyncio
import base64
import contextlib
import os
import re
import time
from collections import deque
from collections.abc import AsyncIterator, Collection, Sequence

from ops.bench.load import writable
from ops.bench.people import Person
from ops.bench.running import Server

OPENED_AT_ONCE = 50
PATIENCE_SECONDS = 30.0
PONG = b"\x8a\x80" + bytes(4)
PONG_SECONDS = 10.0
"""Whoever answers no ping is given up after half a minute; one that nobody asked for counts too (RFC 6455 §5.5.3).
Each socket says so at a moment of its own, as many clients would."""
SETTLE_SECONDS = 0.5
"""Nothing says when a subscription counts."""
_INTRODUCTION = "Hear this: "
_SAID = re.compile(_INTRODUCTION.encode() + rb"([0-9a-f]{24})")
"""What stands before the words is looked for: to try fifty words at each place of a message took 40 times as long."""
LONGEST = len(_INTRODUCTION) + 24


def hear_this() -> tuple[bytes, str]:
    """Return new words to listen for, and a text that says them."""
    words = os.urandom(12).hex()
    return words.encode(), _INTRODUCTION + words


class Ears:
    """All sockets of a measurement: when each heard which of the words. Every word is to be heard once by each."""

    def __init__(self) -> None:
        self.heard: list[float] = []
        self._words: Collection[bytes] = frozenset()
        self._wanted = 0
        self._all = asyncio.Event()
        self._told: dict[int, set[bytes]] = {}

    def listen_for(self, words: Collection[bytes], sockets: int) -> None:
        """Begin anew, with other words of `hear_this`."""
        self._words = frozenset(words)
        self._wanted = sockets * len(words)
        self.heard, self._told = [], {}
        self._all.clear()

    async def all_heard(self) -> None:
        """Return when everybody has heard everything. Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self._all.wait()

    def take(self, socket: int, data: bytes) -> bytes:
        """Note what of the words stands in the data; return what of it may be the beginning of more."""
        end, told = 0, self._told.setdefault(socket, set())
        for found in _SAID.finditer(data):
            end, word = found.end(), found[1]
            if word in self._words and word not in told:
                told.add(word)
                self.heard.append(time.perf_counter())
        if len(self.heard) >= self._wanted:
            self._all.set()
        return data[max(end, len(data) - LONGEST + 1) :]


class Socket(asyncio.Protocol):
    """A websocket that only listens: the frames a server sends are not masked, so their text stands in the bytes."""

    def __init__(self, ears: Ears, request: bytes) -> None:
        self._ears = ears
        self._request = request
        self._held = b""
        self.open: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        writable(transport).write(self._request)

    def data_received(self, data: bytes) -> None:
        self._held += data
        if not self.open.done():
            head, found, self._held = self._held.partition(b"\r\n\r\n")
            if not found:
                self._held = head
            elif head.startswith(b"HTTP/1.1 101 "):
                self.open.set_result(None)
            else:
                self.open.set_exception(RuntimeError(f"no socket: {head[:200]!r}"))
        if self.open.done():
            self._held = self._ears.take(id(self), self._held)


@contextlib.asynccontextmanager
async def listening(server: Server, listeners: Sequence[Person], stream: str) -> AsyncIterator[Ears]:
    """Open a socket for each person on a stream, such as `user`."""
    loop, ears = asyncio.get_running_loop(), Ears()
    transports: list[asyncio.BaseTransport] = []
    opened: deque[asyncio.BaseTransport] = deque()

    async def connect(person: Person) -> None:
        request = _upgrade(server, person, stream)
        made = await loop.create_connection(lambda: Socket(ears, request), server.settings.bind, server.port)
        transports.append(made[0])
        await made[1].open
        opened.append(made[0])

    async def live() -> None:
        while True:
            await asyncio.sleep(PONG_SECONDS / len(listeners))
            if opened:  # before the upgrade is answered, nothing may come
                opened.rotate(-1)
                writable(opened[0]).write(PONG)

    living = asyncio.create_task(live())
    try:
        for start in range(0, len(listeners), OPENED_AT_ONCE):
            async with asyncio.timeout(PATIENCE_SECONDS):
                await asyncio.gather(*(connect(each) for each in listeners[start : start + OPENED_AT_ONCE]))
        await asyncio.sleep(SETTLE_SECONDS)
        yield ears
    finally:
        living.cancel()
        for transport in transports:
            transport.close()


def _upgrade(server: Server, person: Person, stream: str) -> bytes:
    key = base64.b64encode(os.urandom(16)).decode()
    return (
        f"GET /api/v1/streaming?stream={stream} HTTP/1.1\r\nHost: {server.authority}\r\n"
        f"Authorization: Bearer {person.token}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"
    ).encode()
