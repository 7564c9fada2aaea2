"""Streams over WebSockets: one connection, any number of streams, chosen by the query and by messages.

https://docs.joinmastodon.org/methods/streaming/#websocket. Pings are sent by the server that runs us.
"""

import asyncio
import contextlib
import logging
from typing import Any

import msgspec
from starlette.datastructures import Headers, QueryParams
from starlette.types import Receive, Scope, Send

from fedi.request_ids import request_id
from fedi.streams import channels, frames
from fedi.streams.admission import Admission, subprotocol_of, token_of
from fedi.streams.conversation import converse
from fedi.streams.errors import StreamError, Unexpected
from fedi.streams.hypercorn_websockets import WRITE_NOW
from fedi.streams.outbox import End, Outbox, WriteNow
from fedi.streams.switchboard import Client

MOST_STREAMS = 100
"""Streams that one connection may listen to."""
GOODBYE_SECONDS = 2.0
_log = logging.getLogger(__name__)
_decode = msgspec.json.Decoder(dict[str, Any]).decode


class WebSocketStreams:
    """The ASGI application behind every WebSocket; its path says nothing."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, from its upgrade to its end."""
        headers, query = Headers(scope=scope), QueryParams(scope["query_string"])
        identifier = (b"x-request-id", request_id(headers.get("x-request-id", "")).encode())
        await receive()
        try:
            client = await self._admit(token_of(headers, query), scope["state"].get(WRITE_NOW))
        except StreamError as error:
            await _refuse(send, error, identifier)
            return
        try:
            protocol = subprotocol_of(headers)
            await send({"type": "websocket.accept", "subprotocol": protocol, "headers": [identifier]})
            asked = channels.of_mapping(query)
            if asked is not None:
                await self._subscribe(client, asked)
            end = await converse(client.outbox, lambda outbox: _write(outbox, send), self._read(client, receive))
        finally:
            self._admission.hub.leave(client)
        if end is not None:
            await _close(send, end)

    async def _admit(self, token: str | None, write_now: WriteNow | None) -> Client:
        try:
            return await self._admission.admit(token, in_messages=True, write_now=write_now)
        except StreamError:
            raise
        except Exception as error:
            _log.exception("a stream could not be opened")
            raise Unexpected from error

    async def _read(self, client: Client, receive: Receive) -> None:
        while (message := await receive())["type"] != "websocket.disconnect":
            if message.get("text") is None:
                client.outbox.close(End.BINARY)
                return
            with contextlib.suppress(msgspec.DecodeError):
                await self._obey(client, _decode(message["text"]))

    async def _obey(self, client: Client, message: dict[str, Any]) -> None:
        request = channels.of_mapping(message) or channels.Request(stream="")
        match message.get("type"):
            case "subscribe":
                await self._subscribe(client, request)
            case "unsubscribe":
                self._unsubscribe(client, request)

    async def _subscribe(self, client: Client, request: channels.Request) -> None:
        try:
            if len(client.streams) >= MOST_STREAMS:
                raise StreamError("Too many streams")
            await self._admission.connect(client, request)
        except StreamError as error:
            client.outbox.put([frames.refusal(error)])
        except Exception:
            _log.exception("a stream could not be subscribed to")
            client.outbox.put([frames.refusal(Unexpected())])

    def _unsubscribe(self, client: Client, request: channels.Request) -> None:
        try:
            self._admission.hub.disconnect(client, channels.resolve(request, client.account_id, client.scopes))
        except StreamError:
            client.outbox.put([frames.cannot_unsubscribe()])


async def _write(outbox: Outbox, send: Send) -> None:
    while True:
        frame = await outbox.take()
        await send({"type": "websocket.send", "text": frame.content})


async def _close(send: Send, end: End) -> None:
    code, reason = end.value
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(GOODBYE_SECONDS):
            await send({"type": "websocket.close", "code": code, "reason": reason})


async def _refuse(send: Send, error: StreamError, identifier: tuple[bytes, bytes]) -> None:
    """Answer an upgrade with an HTTP error whose reason stands in a header, as clients of Mastodon expect."""
    headers = [
        (b"content-type", b"text/plain"),
        (b"content-length", b"0"),
        (b"connection", b"close"),
        (b"x-error-message", str(error).encode()),
        identifier,
    ]
    await send({"type": "websocket.http.response.start", "status": error.status, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": b""})
