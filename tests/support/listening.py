"""A server on a real socket, and clients that listen to its streams over WebSockets and server-sent events."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec
from starlette.types import ASGIApp
from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Ping,
    RejectConnection,
    RejectData,
    Request,
    TextMessage,
)
from wsproto.extensions import Extension, PerMessageDeflate

from fedi.app import Application, Process, serve_http, streaming_app
from fedi.settings import Settings
from fedi.streams.hub import Hub

PATH = "/api/v1/streaming"
PATIENCE_SECONDS = 20.0


class Server:
    """A server that runs: its port, its parts, and its hub."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.parts: Process
        self.hub: Hub


@contextlib.asynccontextmanager
async def serving(settings: Settings, application: Application = streaming_app) -> AsyncIterator[Server]:
    """Serve on a free port, as the program does, until the block is left."""
    told, ready = asyncio.Event(), asyncio.Event()

    def noted(parts: Process, hub: Hub) -> ASGIApp:
        server.parts, server.hub = parts, hub
        ready.set()
        return application(parts, hub)

    door = socket.create_server(("127.0.0.1", 0), backlog=1024)
    server = Server(door.getsockname()[1])
    settings = msgspec.structs.replace(settings, streaming_api_base_url=f"ws://127.0.0.1:{server.port}")
    running = asyncio.create_task(serve_http(settings, door, told, noted))
    waiting = asyncio.create_task(ready.wait())
    await asyncio.wait([running, waiting], return_when=asyncio.FIRST_COMPLETED)
    if running.done():
        await running
    try:
        yield server
    finally:
        told.set()
        await running
        door.detach()  # the server has closed it


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Return when a condition holds; fail if it does not in time."""
    for _ in range(int(PATIENCE_SECONDS / 0.01)):
        if await condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came true")


class Refused(Exception):
    """The server answered an upgrade with an HTTP error."""

    def __init__(self, status: int, headers: Mapping[str, str]) -> None:
        super().__init__(status, headers)
        self.status = status
        self.headers = headers


class Closed(Exception):
    """The server closed the WebSocket."""

    def __init__(self, code: int, reason: str | None) -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason


class Listening:
    """An open WebSocket. It answers no ping unless something is awaited."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._connection = WSConnection(ConnectionType.CLIENT)
        self._heard: list[Any] = []
        self.pings = 0
        self.accepted = AcceptConnection()

    async def shake_hands(self, request: Request) -> None:
        """Upgrade the connection. Raises Refused."""
        self._writer.write(self._connection.send(request))
        rejected: RejectConnection | None = None
        while True:
            match await self._next():
                case AcceptConnection() as accepted:
                    self.accepted = accepted
                    return
                case RejectConnection() as rejection:
                    rejected = rejection
                    if not rejection.has_body:
                        break
                case RejectData(body_finished=True):
                    break
        assert rejected is not None
        headers = {name.decode(): value.decode() for name, value in rejected.headers}
        raise Refused(rejected.status_code, headers)

    def say(self, **message: Any) -> None:
        """Send a message."""
        self.write(json.dumps(message))

    def write(self, data: str | bytes) -> None:
        """Send text or bytes as they are."""
        message = TextMessage(data=data) if isinstance(data, str) else BytesMessage(data=data)
        self._writer.write(self._connection.send(message))

    async def hear(self) -> dict[str, Any]:
        """Return the next message. Raises Closed."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            text = ""
            while True:
                match await self._next():
                    case TextMessage() as message:
                        text += message.data
                        if message.message_finished:
                            heard: dict[str, Any] = json.loads(text)
                            return heard
                    case CloseConnection() as closed:
                        raise Closed(int(closed.code), closed.reason)

    async def told(self) -> tuple[list[str], str, Any]:
        """Return the next event: its stream, its kind, and its payload decoded."""
        message = await self.hear()
        return message["stream"], message["event"], json.loads(message["payload"])

    async def silent(self, seconds: float = 0.3) -> bool:
        """Tell whether nothing is said for a while."""
        try:
            async with asyncio.timeout(seconds):
                await self.hear()
        except TimeoutError:
            return True
        return False

    async def settled(self) -> None:
        """Return when all that was said before has been understood: by then a question after it has its answer."""
        self.say(type="subscribe", stream="no such stream")
        assert await self.hear() == {"error": "Unknown stream type", "status": 400}

    def close(self) -> None:
        self._writer.close()

    async def _next(self) -> Any:
        while not self._heard:
            self._heard += list(self._connection.events())
            if not self._heard:
                data = await self._reader.read(65536)
                self._connection.receive_data(data or None)
        event = self._heard.pop(0)
        if isinstance(event, Ping):
            self.pings += 1
            self._writer.write(self._connection.send(event.response()))
        return event


@contextlib.asynccontextmanager
async def websocket(
    port: int,
    token: str | None = None,
    *,
    path: str = PATH,
    headers: Mapping[str, str] | None = None,
    protocols: tuple[str, ...] = (),
    compressed: bool = False,
    **query: str,
) -> AsyncIterator[Listening]:
    """Open a WebSocket; the token goes into the query. Raises Refused."""
    given = {**query, **({} if token is None else {"access_token": token})}
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    listening = Listening(reader, writer)
    extensions: list[Extension] = [PerMessageDeflate()] if compressed else []
    request = Request(
        host=f"127.0.0.1:{port}",
        target=f"{path}?{urlencode(given)}",
        subprotocols=list(protocols),
        extensions=extensions,
        extra_headers=[(name.encode(), value.encode()) for name, value in (headers or {}).items()],
    )
    try:
        await listening.shake_hands(request)
        yield listening
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
