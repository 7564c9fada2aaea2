"""How events are written: as messages of a WebSocket, and as server-sent events. Pure.

A frame is made once for all clients that are told the same, and shared between them.
"""

import struct

import msgspec

from fedi.streams.errors import StreamError

_encode = msgspec.json.Encoder().encode
_WHOLE_TEXT = 0x81

GREETING = b":)\n"
"""The first bytes of server-sent events: a comment, so that proxies and clients see that the stream is open."""
THUMP = b":thump\n\n"
"""Says that the stream still lives when there is nothing else to say."""


class Frame(msgspec.Struct, frozen=True):
    """Something to be sent: text for a WebSocket, bytes for server-sent events. `size` is in bytes.

    `wire` is what goes over the connection of a WebSocket.
    """

    content: str | bytes
    size: int
    wire: bytes = b""


class Payload:
    """What happened, in the forms in which clients want it. `body` is JSON, the bare id of what is gone, or nothing."""

    __slots__ = ("_body", "_event", "_kind", "_messages")

    def __init__(self, kind: str, body: bytes) -> None:
        self._kind = kind.encode()
        self._body = body
        self._messages: dict[bytes, Frame] = {}
        self._event: Frame | None = None

    def message(self, label: bytes) -> Frame:
        """Return the message for a stream; JSON within JSON, as a string."""
        written = self._messages.get(label)
        if written is None:
            body = b',"payload":%b' % _encode(self._body.decode()) if self._body else b""
            written = self._messages[label] = _text(b'{"stream":%b,"event":"%b"%b}' % (label, self._kind, body))
        return written

    def event(self) -> Frame:
        """Return the server-sent event."""
        if self._event is None:
            # An event without data would be passed over by browsers.
            content = b"event: %b\ndata: %b\n\n" % (self._kind, self._body or b"{}")
            self._event = Frame(content, len(content))
        return self._event


def label(names: tuple[str, ...]) -> bytes:
    """Return the name of a stream, with its parameter, as messages give it."""
    return _encode(names)


def refusal(error: StreamError) -> Frame:
    """Return the message that a stream cannot be had; the socket stays open."""
    return _message({"error": str(error), "status": error.status})


def cannot_unsubscribe() -> Frame:
    """Return the message that there is no such stream to leave."""
    return _message({"error": "Error unsubscribing from channel"})


def _message(body: dict[str, object]) -> Frame:
    return _text(_encode(body))


def _text(content: bytes) -> Frame:
    """Return a message in one frame: unmasked, as servers send, and not compressed (RFC 6455 §5.2)."""
    size = len(content)
    if size < 126:
        head = struct.pack("!BB", _WHOLE_TEXT, size)
    elif size < 1 << 16:
        head = struct.pack("!BBH", _WHOLE_TEXT, 126, size)
    else:
        head = struct.pack("!BBQ", _WHOLE_TEXT, 127, size)
    return Frame(content.decode(), size, head + content)
