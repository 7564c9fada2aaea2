"""How long it takes from sending a post until every follower's socket has it."""

import asyncio
import base64
import contextlib
import os
import time
from collections.abc import AsyncIterator, Sequence

import uvloop

from ops.bench import people
from ops.bench.load import Load, clocked, connected, expecting, post
from ops.bench.marks import Mark, Scale, milliseconds, percentile
from ops.bench.people import Person
from ops.bench.running import Server

SOCKETS = (100, 1000)
GOALS = {100: 30.0}
POSTS = 20
PAUSE_SECONDS = 0.3
OPENED_AT_ONCE = 50
PATIENCE_SECONDS = 30.0


class Ears:
    """All sockets of a measurement: when each heard of the post that carries the current words."""

    def __init__(self) -> None:
        self.heard: list[float] = []
        self._words = b""
        self._wanted = 0
        self._all = asyncio.Event()

    def listen_for(self, words: bytes, wanted: int) -> None:
        """Begin anew, with other words."""
        self._words, self._wanted = words, wanted
        self.heard = []
        self._all.clear()

    async def all_heard(self) -> None:
        """Return when everybody has heard. Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self._all.wait()

    def take(self, data: bytes) -> bool:
        """Note the moment if it is there that the words stand; tell whether they do."""
        if not self._words or self._words not in data:
            return False
        self.heard.append(time.perf_counter())
        if len(self.heard) >= self._wanted:
            self._all.set()
        return True


class Socket(asyncio.Protocol):
    """A websocket that only listens: the frames a server sends are not masked, so their text stands in the bytes."""

    def __init__(self, ears: Ears, request: bytes) -> None:
        self._ears = ears
        self._request = request
        self._held = b""
        self.open: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.write(self._request)  # type: ignore[attr-defined]  # uvloop's are no subclass of asyncio's

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
        if self._ears.take(self._held) or len(self._held) > 100_000:
            self._held = b""


def measure(server: Server, scale: Scale) -> list[Mark]:
    """Let somebody write whom everybody here follows."""
    return uvloop.run(_measure(server, scale))


async def _measure(server: Server, scale: Scale) -> list[Mark]:
    numbers = [scale.of(number, 3) for number in SOCKETS]
    author, *followers = await people.settle(server, [f"listener{number}" for number in range(max(numbers) + 1)])
    await people.say(server, [event for each in followers for event in people.follows_person(each, author)])
    await asyncio.to_thread(people.rest, server)
    marks = []
    for full, number in zip(SOCKETS, numbers, strict=True):
        async with _listening(server, followers[:number]) as ears:
            await _said(server, author, ears, number, 2)
            runs = [await _said(server, author, ears, number, scale.of(POSTS, 2)) for _ in range(scale.runs)]
        median = sorted(runs, key=lambda load: percentile(load.latencies, 50))[len(runs) // 2]
        marks.append(
            Mark(
                name=f"from sending a post to its sight on {number} sockets, p50",
                unit="ms",
                runs=[percentile(load.latencies, 50) * 1000 for load in runs],
                goal=GOALS.get(full),
                loader=median.loader,
                note=milliseconds(median.latencies),
            )
        )
    return marks


async def _said(server: Server, author: Person, ears: Ears, sockets: int, posts: int) -> Load:
    load = Load()
    async with connected(server, 1) as (caller,):
        with clocked(server, load):
            for _ in range(posts):
                words = os.urandom(12).hex()
                ears.listen_for(words.encode(), sockets)
                request = post(server, "/api/v1/statuses", author.token, {"status": f"Hear this: {words}"})
                begun = time.perf_counter()
                expecting(200)(await caller.ask(request))
                await ears.all_heard()
                load.latencies += [heard - begun for heard in ears.heard]
                await asyncio.sleep(PAUSE_SECONDS)
    return load


@contextlib.asynccontextmanager
async def _listening(server: Server, listeners: Sequence[Person]) -> AsyncIterator[Ears]:
    """Open a socket for each person's home stream."""
    loop, ears = asyncio.get_running_loop(), Ears()
    transports: list[asyncio.BaseTransport] = []

    async def connect(person: Person) -> None:
        request = _upgrade(server, person)
        made = await loop.create_connection(lambda: Socket(ears, request), server.settings.bind, server.port)
        transports.append(made[0])
        await made[1].open

    try:
        for start in range(0, len(listeners), OPENED_AT_ONCE):
            async with asyncio.timeout(PATIENCE_SECONDS):
                await asyncio.gather(*(connect(each) for each in listeners[start : start + OPENED_AT_ONCE]))
        await asyncio.sleep(0.5)  # nothing says when a subscription counts
        yield ears
    finally:
        for transport in transports:
            transport.close()


def _upgrade(server: Server, person: Person) -> bytes:
    key = base64.b64encode(os.urandom(16)).decode()
    return (
        f"GET /api/v1/streaming?stream=user HTTP/1.1\r\nHost: {server.authority}\r\n"
        f"Authorization: Bearer {person.token}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"
    ).encode()
