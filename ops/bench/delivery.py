"""Deliveries: posts to many followers, each on a host of its own. The queue counts, from the POST to the last inbox."""

import asyncio
import contextlib
import functools
import time
from collections.abc import AsyncIterator, Sequence

import uvloop

from ops.bench import people
from ops.bench.load import PATIENCE_SECONDS, Load, Writable, clocked, connected, expecting, post, writable
from ops.bench.marks import Mark, Scale
from ops.bench.people import Person
from ops.bench.running import Server

HOSTS = 500
POSTS = 10
_ACCEPTED = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"


class Inboxes:
    """Every inbox of every host: takes what comes, and knows how much has come. Those in `silent` do not answer."""

    def __init__(self) -> None:
        self.origins: list[str] = []
        self.addresses: list[str] = []
        self.silent: set[str] = set()
        self.taken = 0
        self.unsigned = 0
        self.open: set[Writable | None] = set()
        self._awaited = 0
        self._reached = asyncio.Event()

    async def wait_for(self, number: int) -> None:
        """Return when so many activities have come since the start. Raises TimeoutError."""
        self._awaited = number
        self._reached.clear()
        if self.taken < number:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._reached.wait()

    def took(self, *, signed: bool) -> None:
        """Count an activity."""
        self.taken += 1
        self.unsigned += not signed
        if self.taken >= self._awaited:
            self._reached.set()


class Inbox(asyncio.Protocol):
    """One connection to an inbox."""

    def __init__(self, inboxes: Inboxes, address: str) -> None:
        self._inboxes = inboxes
        self._address = address
        self._transport: Writable | None = None
        self._held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = writable(transport)
        self._inboxes.open.add(self._transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._inboxes.open.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._held += data
        while True:
            head, found, rest = self._held.partition(b"\r\n\r\n")
            lower = head.lower()
            length = int(lower.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0] or 0)
            if not found or len(rest) < length:
                return
            self._held = rest[length:]
            if self._address in self._inboxes.silent:
                continue
            assert self._transport is not None
            self._transport.write(_ACCEPTED)
            self._inboxes.took(signed=b"\r\nsignature:" in lower)


def measure(server: Server, scale: Scale) -> list[Mark]:
    """Let somebody write whom people on many hosts follow."""
    return uvloop.run(_measure(server, scale))


async def _measure(server: Server, scale: Scale) -> list[Mark]:
    hosts = scale.of(HOSTS, 5)
    (author,) = await people.settle(server, ["publisher"])
    async with inboxes_on(hosts) as inboxes:
        fans = [people.stranger(origin, "fan") for origin in inboxes.origins]
        await people.say(server, [*people.known(fans), *(people.asks_to_follow(fan, author) for fan in fans)])
        await asyncio.to_thread(people.rest, server)
        await inboxes.wait_for(hosts)  # every one of them hears that the follow is accepted
        runs = [await run(server, author, inboxes, hosts, POSTS) for _ in range(scale.runs)]
    if inboxes.unsigned:
        raise RuntimeError(f"{inboxes.unsigned} activities came unsigned")
    return [mark(f"deliveries of {POSTS} posts to {hosts} inboxes on {hosts} hosts", hosts * POSTS, runs)]


def mark(name: str, number: int, runs: Sequence[Load]) -> Mark:
    """Return the mark of runs in each of which so many activities came to their inboxes."""
    median = sorted(runs, key=lambda load: load.seconds)[len(runs) // 2]
    return Mark(
        name=name,
        unit="deliveries/s",
        runs=[number / load.seconds for load in runs],
        goal=1200.0,
        loader=median.loader,
        note=f"from the first POST to the last inbox: {median.seconds:.1f} s; {median.note}",
    )


async def run(server: Server, author: Person, inboxes: Inboxes, hosts: int, posts: int) -> Load:
    """Have somebody post, and return what it took until so many hosts have all of it."""
    load, before = Load(), inboxes.taken
    async with connected(server, 1) as (caller,):
        with clocked(server, load):
            for number in range(posts):
                text = {"status": f"News for everybody, number {number} at {time.time()}"}
                expecting(200)(await caller.ask(post(server, "/api/v1/statuses", author.token, text)))
            await inboxes.wait_for(before + hosts * posts)
    await asyncio.sleep(0.2)
    return load


@contextlib.asynccontextmanager
async def inboxes_on(number: int) -> AsyncIterator[Inboxes]:
    """Listen on so many addresses of the loopback network."""
    loop, inboxes = asyncio.get_running_loop(), Inboxes()
    servers = []
    try:
        for each in range(number):
            address = f"127.1.{each // 250}.{each % 250 + 1}"
            server = await loop.create_server(functools.partial(Inbox, inboxes, address), address, 0)
            servers.append(server)
            inboxes.addresses.append(address)
            inboxes.origins.append(f"http://{address}:{server.sockets[0].getsockname()[1]}")
        yield inboxes
    finally:
        for server in servers:
            server.close()
        for transport in list(inboxes.open):
            if transport is not None:
                transport.abort()
        await asyncio.sleep(0.01)  # the loop ends them in its next turns
