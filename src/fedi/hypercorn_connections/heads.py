"""The heads of requests and answers (RFC 9112), by a grammar that leaves nothing to be read in two ways.

Servers and proxies that disagree about where a request ends can be made to take a stranger's bytes for another
person's request. So whatever one of them might read differently is refused: lines that end in less than CR LF, folded
lines, control characters, two lengths, a length beside chunks, a name before whose colon stands a space.
"""

import re
from collections.abc import Iterable
from http import HTTPStatus

import msgspec

MAX_HEAD = 16_384
"""Bytes of a request's head, from its method to the empty line."""

Fields = list[tuple[bytes, bytes]]

_END = b"\r\n\r\n"
_TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]++"
_REQUEST_LINE = re.compile(rb"(%b) ([\x21-\x7e]++) HTTP/([0-9]\.[0-9])\r\n" % _TOKEN)
# Nothing is given back once it was taken (++, *+): a line of spaces would else be tried in as many ways as it is long.
_FIELD = re.compile(rb"^(%b):[ \t]*+([\t\x20-\x7e\x80-\xff]*+)\r\n" % _TOKEN, re.MULTILINE)
_LENGTH = re.compile(rb"[0-9]{1,15}")
_FRAMING = frozenset((b"host", b"content-length", b"transfer-encoding", b"connection", b"upgrade", b"expect"))
_SHOWN = bytes((*range(0x20, 0x7F), *range(0x80, 0x100), ord("\t")))


class Refused(Exception):
    """A request that cannot be answered, and after which nothing on its connection can be understood."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class Head(msgspec.Struct, frozen=True):
    """The head of a request. Names of fields are in lower case, and their values without space around them."""

    method: bytes
    target: bytes
    fields: Fields
    size: int
    """How many bytes it has."""
    length: int
    """How many bytes of body follow it, if it is plain."""
    lasts: bool
    """Whether the connection stays open after the answer, if it is plain."""
    plain: bool
    """Whether it is what nearly all are: HTTP/1.1, a path, a body of known length, nothing to be agreed on before."""


def read_head(received: bytearray) -> Head | None:
    """Return the head that what was received begins with; None if it is not all there. Raises `Refused`."""
    size = received.find(_END, 0, MAX_HEAD) + len(_END)
    if size < len(_END):
        _check_part(received)
        return None
    line = _REQUEST_LINE.match(received, 0, size)
    if line is None:
        raise Refused(HTTPStatus.BAD_REQUEST)
    found = _FIELD.findall(received, line.end(), size)
    if len(found) != received.count(b"\n", line.end(), size) - 1:  # some line is no field
        raise Refused(HTTPStatus.BAD_REQUEST)
    method, target, version = line.groups()
    return _understood(method, target, version, [(name.lower(), value.rstrip()) for name, value in found], size)


def write_head(status: int, fields: Iterable[tuple[bytes, bytes]], last: bytes) -> bytes:
    """Return the head of an answer, `last` being lines that are written already.

    Raises ValueError if a field has a line break or another control character in it.
    """
    lines = [b"%b: %b\r\n" % field for field in fields]
    written = b"HTTP/1.1 %d \r\n%b" % (status, b"".join(lines))
    if written.translate(None, _SHOWN) != b"\r\n" * (len(lines) + 1):
        raise ValueError("a header field has control characters in it")
    return written + last + b"\r\n"


def _check_part(received: bytearray) -> None:
    """Raise `Refused` for the beginning of a head that cannot become one."""
    if len(received) >= MAX_HEAD:
        raise Refused(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
    if (received and received[0] <= 0x20) or b"\n\n" in received or b"\n\r\n" in received:
        raise Refused(HTTPStatus.BAD_REQUEST)


def _understood(method: bytes, target: bytes, version: bytes, fields: Fields, size: int) -> Head:
    if version not in {b"1.0", b"1.1"}:
        raise Refused(HTTPStatus.HTTP_VERSION_NOT_SUPPORTED)
    plain = version == b"1.1" and target[:1] == b"/" and method.isalpha() and method.isupper()
    lasts, hosts, lengths, coded = True, 0, [], False
    for name, value in fields:
        if name not in _FRAMING:
            continue
        if name == b"host":
            hosts += 1
        elif name == b"content-length":
            lengths.append(value)
        elif name == b"connection" and value.lower() in {b"close", b"keep-alive"}:
            lasts = lasts and value.lower() != b"close"
        else:
            plain = False
            coded = coded or name == b"transfer-encoding"
    if hosts > 1 or hosts + (version == b"1.0") < 1 or (coded and (lengths or version == b"1.0")):
        raise Refused(HTTPStatus.BAD_REQUEST)
    return Head(method, target, fields, size, _length(lengths), lasts, plain)


def _length(lengths: list[bytes]) -> int:
    if not lengths:
        return 0
    if len(lengths) > 1 or not _LENGTH.fullmatch(lengths[0]):
        raise Refused(HTTPStatus.BAD_REQUEST)
    return int(lengths[0])
