"""A server that answers with whatever bytes a test dictates, in the test's own event loop."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable

Handler = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


class RawServer:
    """Reads requests (head and body) and gives each to the handler. Counts connections."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self.port = 0
        self.connections = 0
        self.requests: list[bytes] = []
        self._open: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve a new connection until either side ends it."""
        self.connections += 1
        task = asyncio.create_task(self._serve(reader, writer))
        self._open[task] = writer
        task.add_done_callback(self._open.pop)

    async def close(self) -> None:
        """End all connections."""
        for writer in self._open.values():
            writer.transport.abort()
        await asyncio.gather(*self._open)
        await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while not writer.is_closing():
                request = await reader.readuntil(b"\r\n\r\n")
                length = [line for line in request.lower().split(b"\r\n") if line.startswith(b"content-length:")]
                if length:
                    request += await reader.readexactly(int(length[0].partition(b":")[2]))
                self.requests.append(request)
                await self._handler(request, writer)
                await writer.drain()
        writer.transport.abort()


@contextlib.asynccontextmanager
async def raw_server(handler: Handler, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[RawServer]:
    """Run a raw server on a loopback port."""
    server = RawServer(handler)
    listener = await asyncio.start_server(server.accept, "127.0.0.1", 0, ssl=tls)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()
        await server.close()


def always(answer: bytes) -> Handler:
    """Return a handler that gives every request the same bytes."""

    async def handle(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)

    return handle


def plain(body: bytes, *, status: str = "200 OK", headers: str = "") -> bytes:
    """Return a well-formed answer."""
    return f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body
