"""One request and its answer, as the application sees them (ASGI 3)."""

from collections.abc import Iterable

from hypercorn.typing import ASGIReceiveEvent, ASGISendEvent, HTTPResponseStartEvent

from fedi.hypercorn_connections.heads import Head, write_head
from fedi.hypercorn_connections.patience import Patience
from fedi.hypercorn_connections.wire import MAX_WAITING, Wire

CLOSE = (b"connection", b"close")


class Exchange:
    """A request whose head was plain. `common` are the lines that every answer has."""

    def __init__(self, head: Head, wire: Wire, patience: Patience, common: bytes) -> None:
        self.lasts = head.lasts
        """Whether another request may follow on the connection."""
        self._wire = wire
        self._patience = patience
        self._common = common
        self._to_come = head.length
        self._given = False
        self._only_head = head.method == b"HEAD"
        self._head: bytes | None = None
        self._begun = False
        self._done = False
        self._to_send: int | None = None

    @property
    def unread(self) -> bool:
        """Whether some of the body has not come."""
        return self._to_come > 0

    async def receive(self) -> ASGIReceiveEvent:
        """Return what came of the body; then wait until the other side has gone, or everything has been said."""
        while self._to_come and not self._wire.received and not self._wire.ended:
            await self._more()
        if self._given or (self._to_come and not self._wire.received):
            while not (self._wire.ended or self._done):
                await self._wire.news()
            return {"type": "http.disconnect"}
        part = self._part() if self._to_come else b""
        self._given = not self._to_come
        return {"type": "http.request", "body": part, "more_body": not self._given}

    async def send(self, message: ASGISendEvent) -> None:
        """Send the answer on. Its head goes out with what follows: ASGI lets no answer be without a body."""
        if message["type"] == "http.response.start" and self._head is None:
            self._head = self._start(message)
        elif message["type"] == "http.response.body" and self._head is not None and not self._done:
            more = message.get("more_body", False)
            parts = self._framed(message.get("body", b""), more=more)
            if not self._begun:
                self._begun = True
                parts = [self._head, *parts]
            if not more:
                self._done = True
                self._wire.wake()
            await self._wire.write(parts)
        else:
            raise RuntimeError(f"{message['type']} is not what can follow")

    async def finish(self) -> bool:
        """Send what must be sent when the application is done. Return whether another request can follow."""
        if not self._begun:
            self._done = self._begun = True
            self.lasts = False
            await self._wire.write([write_head(500, [(b"content-length", b"0"), CLOSE], self._common)])
        while self.lasts and self._done and 0 < self._to_come <= MAX_WAITING and not self._wire.ended:
            if self._wire.received:  # the rest of a body that nobody wanted to read
                self._part()
            else:
                await self._more()
        return self.lasts and self._done and not self._to_come

    def _start(self, message: HTTPResponseStartEvent) -> bytes:
        status, fields = message["status"], list(message.get("headers", []))
        chunked = not (bodiless := status in {204, 304})
        for name, value in fields:
            if name == b"content-length":
                self._to_send, chunked = int(value), False
            elif name == b"connection" and value.lower() == b"close":
                self.lasts = False
            elif name == b"transfer-encoding":
                raise ValueError("how an answer is sent is not for the application to say")
        self._only_head = self._only_head or bodiless
        self.lasts = self.lasts and self._to_come <= MAX_WAITING  # so much is not read only to be thrown away
        if chunked:
            fields.append((b"transfer-encoding", b"chunked"))
        if not self.lasts:
            fields = [*(field for field in fields if field[0] != b"connection"), CLOSE]
        return write_head(status, fields, self._common)

    def _framed(self, body: bytes, *, more: bool) -> Iterable[bytes]:
        if self._only_head:
            return ()
        if self._to_send is not None:
            self._to_send -= len(body)
            if self._to_send < 0 or (self._to_send and not more):
                raise ValueError("the body is not as long as its head says")
            return (body,)
        chunk = (b"%x\r\n" % len(body), body, b"\r\n") if body else ()
        return chunk if more else (*chunk, b"0\r\n\r\n")

    async def _more(self) -> None:
        self._patience.reads()
        await self._wire.news()
        self._patience.has_read(0)

    def _part(self) -> bytes:
        part = self._wire.take(self._to_come)
        self._to_come -= len(part)
        self._patience.has_read(len(part))
        return part
