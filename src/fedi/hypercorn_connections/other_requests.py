"""Requests that are not plain: HTTP/1.0, bodies in chunks, WebSockets, whatever is to be agreed on first."""

import dataclasses

import h11
from hypercorn.events import RawData
from hypercorn.protocol.events import Event, Response
from hypercorn.protocol.h11 import H11Protocol
from hypercorn.typing import H11SendableEvent

from fedi.hypercorn_connections.exchange import CLOSE


class OneRequest(H11Protocol):
    """A connection that is closed after one answer: whoever reads the request differently than we do gains nothing.

    The head of the answer waits for what follows it: ASGI lets no answer be without a body, were it an empty one.
    """

    _head = b""

    @property
    def in_body(self) -> bool:
        """Whether a body has begun and not ended."""
        return isinstance(self.connection, h11.Connection) and self.connection.their_state is h11.SEND_BODY

    @property
    def in_error(self) -> bool:
        """Whether something came that is no request."""
        return isinstance(self.connection, h11.Connection) and self.connection.their_state is h11.ERROR

    async def stream_send(self, event: Event) -> None:
        """Take in what comes from the application."""
        if isinstance(event, Response) and event.status_code >= 200 and CLOSE not in event.headers:
            event = dataclasses.replace(event, headers=[*event.headers, CLOSE])
        await super().stream_send(event)

    async def _check_protocol(self, event: h11.Request) -> None:
        """Go on in HTTP/1.1, whatever is offered: nothing here limits what comes by HTTP/2, and no proxy needs it."""

    async def _send_h11_event(self, event: H11SendableEvent) -> None:
        try:
            data = self.connection.send(event) or b""
        except h11.LocalProtocolError:
            if self.connection.their_state != h11.ERROR:
                raise
            return
        if isinstance(event, h11.Response):
            self._head = data
            return
        data, self._head = self._head + data, b""
        if data:
            await self.send(RawData(data=data))
