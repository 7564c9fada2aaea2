"""Makes load: keep-alive connections that send bytes prepared beforehand, and the clock that stops what they cost."""

import asyncio
import contextlib
import resource
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol, runtime_checkable

import msgspec

from ops.bench.running import Server

PATIENCE_SECONDS = 120.0
"""No load takes longer: a server that hangs ends the measurement."""


class Reply(msgspec.Struct, frozen=True):
    """A whole answer."""

    status: int
    body: bytes

    def json(self) -> Any:
        return msgspec.json.decode(self.body)


@runtime_checkable
class Writable(Protocol):
    """What is needed of a transport: uvloop's are no subclass of asyncio's."""

    def write(self, data: bytes, /) -> None: ...

    def close(self) -> None: ...

    def abort(self) -> None: ...


def writable(transport: asyncio.BaseTransport) -> Writable:
    """Return a transport as what can be written to. Raises TypeError."""
    if not isinstance(transport, Writable):
        raise TypeError(f"{transport!r} can't be written to")
    return transport


class Caller(asyncio.Protocol):
    """One keep-alive connection, one request at a time."""

    def __init__(self) -> None:
        self._transport: Writable | None = None
        self._held = b""
        self._end = -1
        self._answer: asyncio.Future[Reply] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = writable(transport)

    async def ask(self, request: bytes) -> Reply:
        """Send a request and return when its answer is complete."""
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def data_received(self, data: bytes) -> None:
        self._held += data
        if self._end < 0:
            head, found, _ = self._held.partition(b"\r\n\r\n")
            if not found:
                return
            self._end = len(head) + 4 + _length(head)
        if len(self._held) >= self._end and self._answer is not None:
            body = self._held.partition(b"\r\n\r\n")[2]
            reply, self._held, self._end = Reply(int(self._held[9:12]), body), b"", -1
            if not self._answer.done():
                self._answer.set_result(reply)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionError("the server hung up"))

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


class Load(msgspec.Struct):
    """What a load came to: how long it took, each latency in seconds, and the CPU that everybody spent on it."""

    seconds: float = 0.0
    latencies: list[float] = []
    loader: float = 0.0
    cores: dict[str, float] = {}

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    @property
    def note(self) -> str:
        """Who spent how much of a core."""
        busy = sorted(self.cores.items(), key=lambda each: -each[1])
        return "cores: " + ", ".join(f"{kind} {share:.2f}" for kind, share in busy if share >= 0.02)


@contextlib.asynccontextmanager
async def connected(server: Server, number: int) -> AsyncIterator[list[Caller]]:
    """Hold connections to a server, for no longer than a load may take."""
    async with connected_to(server.settings.bind, server.port, number) as callers:
        yield callers


@contextlib.asynccontextmanager
async def connected_to(host: str, port: int, number: int) -> AsyncIterator[list[Caller]]:
    """Hold connections to whatever listens there."""
    loop = asyncio.get_running_loop()
    made = [await loop.create_connection(Caller, host, port) for _ in range(number)]
    callers = [caller for _, caller in made]
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            yield callers
    finally:
        for caller in callers:
            caller.close()


@contextlib.contextmanager
def clocked(server: Server, load: Load) -> Iterator[None]:
    """Note how long the block takes, and how much CPU this process and the server's spend in it."""
    before, own, begun = server.cpu(), time.process_time(), time.perf_counter()
    yield
    load.seconds = time.perf_counter() - begun
    load.loader = (time.process_time() - own) / load.seconds
    used = server.cpu()
    load.cores = {kind: (used[kind] - before.get(kind, 0.0)) / load.seconds for kind in used}


async def send_all(
    callers: Sequence[Caller], requests: Iterable[bytes], load: Load, check: Callable[[Reply], object]
) -> None:
    """Send every request over whichever connection is free; `check` raises for an answer that is wrong."""
    waiting = iter(requests)

    async def work(caller: Caller) -> None:
        for request in waiting:
            sent = time.perf_counter()
            reply = await caller.ask(request)
            load.latencies.append(time.perf_counter() - sent)
            check(reply)

    await asyncio.gather(*(work(caller) for caller in callers))


def expecting(status: int) -> Callable[[Reply], None]:
    """Return a check that only this status passes."""

    def check(reply: Reply) -> None:
        if reply.status != status:
            raise RuntimeError(f"the server answered {reply.status}: {reply.body[:300]!r}")

    return check


def get(server: Server, path: str, token: str = "", *, accept: str = "application/json") -> bytes:
    """Return a GET in somebody's name, or without a token in nobody's, ready to be sent."""
    bearer = f"Authorization: Bearer {token}\r\n" if token else ""
    return f"GET {path} HTTP/1.1\r\nHost: {server.authority}\r\nAccept: {accept}\r\n{bearer}\r\n".encode()


def post(server: Server, path: str, token: str, body: object) -> bytes:
    """Return a POST of JSON in somebody's name, ready to be sent."""
    content = msgspec.json.encode(body)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {server.authority}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def allow_many_files() -> None:
    """Let this process, and what it starts, have as many sockets as the machine lets it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
