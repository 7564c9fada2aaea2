"""A fake fediverse: one process, any number of servers on loopback, each with its people, keys and manners.

All of them share a thread and a port; the Host header tells them apart, so that thousands cost no more than one.

    with fediverse() as everywhere:
        slow = everywhere.host("slow.example", behaviours.held)
        fans = [host.actor("fan") for host in everywhere.hosts(2000)]
        http = everywhere.client()      # knows where these names lead
        ...
        assert everywhere.saw(b"a secret") == []

Names are known to `client` alone. A server under test that runs as a process of its own looks names up by itself: give
it hosts that are addresses, `everywhere.host()`.
"""

import asyncio
import contextlib
import itertools
import threading
from collections.abc import Iterator, Sequence

from fedi.activitypub.signatures import PrivateKey
from fedi.services.http import HttpClient
from fedi.services.http_transport import GuardedTransport, tls_context
from fedi.settings import LOOPBACK
from tests.support.behaviours import Behaviour, honest
from tests.support.exchanges import Answer, Received, headers_in
from tests.support.fake_host import FakeRemote
from tests.support.keys import rsa_key

KEYS = 5
"""Key pairs that all actors share: to make one takes long."""
_TLS_HELLO = b"\x16"
_NOBODY_LISTENS = "127.0.0.254"


class Fediverse:
    """All of it. `received` is every request to anybody, in the order in which they came."""

    def __init__(self, *, port: int = 0, shared_keys: bool = True) -> None:
        self.port = port
        self.received: list[Received] = []
        self.news = threading.Condition()
        self.loop: asyncio.AbstractEventLoop
        self._by_name: dict[str, FakeRemote] = {}
        self._shared_keys = shared_keys
        self._numbers = itertools.count()
        self._tasks: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._listeners: dict[str, asyncio.Server] = {}

    def host(self, name: str = "", behaviour: Behaviour = honest) -> FakeRemote:
        """Add a server; without a name it is an address of the loopback network, which everybody can reach."""
        number = next(self._numbers)
        name = name or f"127.78.{number // 250}.{number % 250 + 1}"
        remote = FakeRemote(self, name, behaviour)
        self._by_name[name] = remote
        if name.replace(".", "").isdigit():
            asyncio.run_coroutine_threadsafe(self._listen(name), self.loop).result(5)
        return remote

    def hosts(self, number: int, behaviour: Behaviour = honest) -> list[FakeRemote]:
        """Add many servers with names of their own."""
        return [self.host(f"host{next(self._numbers):05}.example", behaviour) for _ in range(number)]

    def client(self) -> HttpClient:
        """Return a client of the program's that reaches these hosts by their names; close it afterwards."""
        return HttpClient(GuardedTransport(LOOPBACK, self._resolve, tls_context()), user_agent="fedi-test")

    def saw(self, words: bytes) -> list[Received]:
        """Return the requests that had something in them, wherever: nothing that was sent is not looked at."""
        return [each for each in self.received if words in each.head or words in each.body]

    def key(self, owner: str) -> PrivateKey:
        """Return the key for a new actor."""
        return rsa_key(f"shared {next(self._numbers) % KEYS}" if self._shared_keys else owner)

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Serve until the block is left."""
        self.loop = asyncio.new_event_loop()
        thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self._listen("127.0.0.1"), self.loop).result(5)
            yield
        finally:
            asyncio.run_coroutine_threadsafe(self._close(), self.loop).result(5)
            self.loop.call_soon_threadsafe(self.loop.stop)
            thread.join(5)
            self.loop.close()

    async def _resolve(self, host: str, port: int) -> Sequence[str]:
        remote = self._by_name.get(host)
        if remote is None or remote.network == "unknown":
            raise OSError(f"there is no host {host}")
        return [_NOBODY_LISTENS if remote.network == "refused" else "127.0.0.1"]

    async def _listen(self, address: str) -> None:
        if address not in self._listeners:
            listener = await asyncio.start_server(self._accept, address, self.port, backlog=1024)
            self.port = listener.sockets[0].getsockname()[1]
            self._listeners[address] = listener

    async def _close(self) -> None:
        for listener in self._listeners.values():
            listener.close()
        for task, writer in self._tasks.items():
            writer.transport.abort()
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.sleep(0)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks[task] = writer
        task.add_done_callback(self._tasks.pop)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while (first := await reader.readexactly(1)) != _TLS_HELLO:
                head = first + await reader.readuntil(b"\r\n\r\n")
                headers = headers_in(head.decode("latin-1").split("\r\n")[1:])
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                remote = self._named(headers.get("host", ""))
                request = Received.read(remote.origin, head, body)
                if not await _answer(remote, request, remote.respond(request), writer):
                    break
        writer.transport.abort()

    def _named(self, authority: str) -> FakeRemote:
        if found := self._by_name.get(authority.rpartition(":")[0] or authority):
            return found
        return next(iter(self._by_name.values()))


async def _answer(remote: FakeRemote, request: Received, answer: Answer, writer: asyncio.StreamWriter) -> bool:
    """Answer a request; False if the connection is of no use any more."""
    if answer.held:
        await remote.released.wait()
    await asyncio.sleep(answer.delay)
    if answer.lost:
        return False
    data = answer.encoded()
    while True:
        request.answered.extend(data)
        writer.write(data)
        await writer.drain()
        if not answer.endless:
            return True
        data = answer.endless


@contextlib.contextmanager
def fediverse() -> Iterator[Fediverse]:
    """Run a fake fediverse."""
    everywhere = Fediverse()
    with everywhere.running():
        yield everywhere
