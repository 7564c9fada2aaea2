"""Streams as server-sent events: one stream per connection, chosen by the path.

https://docs.joinmastodon.org/methods/streaming/. No event carries an id: clients that come again read by REST what they
missed.
"""

import asyncio
import contextlib
import logging

import msgspec
from starlette.datastructures import Headers, QueryParams
from starlette.types import Receive, Scope, Send

from fedi.request_ids import request_id
from fedi.streams import channels
from fedi.streams.admission import Admission, token_of
from fedi.streams.conversation import converse
from fedi.streams.errors import StreamError, Unexpected
from fedi.streams.frames import GREETING, THUMP
from fedi.streams.outbox import Outbox
from fedi.streams.switchboard import Client

HEARTBEAT = 15.0
"""Seconds of silence after which a stream says that it lives."""
GOODBYE_SECONDS = 2.0
_COMMON = [
    (b"access-control-allow-origin", b"*"),
    (b"cache-control", b"private, no-store"),
    (b"x-content-type-options", b"nosniff"),
]
_PREFLIGHT = [
    (b"access-control-allow-methods", b"GET, OPTIONS"),
    (b"access-control-allow-headers", b"Authorization, Accept, Cache-Control"),
    (b"access-control-max-age", b"7200"),
]
_log = logging.getLogger(__name__)


class ServerSentEvents:
    """The ASGI application behind every path below /api/v1/streaming/."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one stream, from its request to its end."""
        headers, query = Headers(scope=scope), QueryParams(scope["query_string"])
        common = [*_COMMON, (b"x-request-id", request_id(headers.get("x-request-id", "")).encode())]
        if scope["method"] == "OPTIONS":
            await _answer(send, 200, [*common, *_PREFLIGHT], b"")
            return
        try:
            client = await self._open(scope["path_params"]["path"], headers, query)
        except StreamError as error:
            body = msgspec.json.encode({"error": str(error)})
            await _answer(send, error.status, [*common, (b"content-type", b"application/json; charset=utf-8")], body)
            return
        try:
            start = [*common, (b"content-type", b"text/event-stream")]
            await send({"type": "http.response.start", "status": 200, "headers": start})
            await send({"type": "http.response.body", "body": GREETING, "more_body": True})
            end = await converse(client.outbox, lambda outbox: _write(outbox, send), _wait_for_end(receive))
        finally:
            self._admission.hub.leave(client)
        if end is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(GOODBYE_SECONDS):
                    await send({"type": "http.response.body", "body": b""})

    async def _open(self, path: str, headers: Headers, query: QueryParams) -> Client:
        """Return a client that listens to what the path names. An unknown path is told before a missing token."""
        request = channels.of_path(path, query)
        client = None
        try:
            client = await self._admission.admit(token_of(headers, query), in_messages=False)
            await self._admission.connect(client, request)
        except BaseException as error:
            if client is not None:
                self._admission.hub.leave(client)
            if isinstance(error, StreamError) or not isinstance(error, Exception):
                raise
            _log.exception("a stream could not be opened")
            raise Unexpected from error
        return client


async def _write(outbox: Outbox, send: Send) -> None:
    while True:
        try:
            async with asyncio.timeout(HEARTBEAT):
                content = (await outbox.take()).content
        except TimeoutError:
            content = THUMP
        await send({"type": "http.response.body", "body": content, "more_body": True})


async def _wait_for_end(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})
