"""The plain exchange that nearly every delivery is: a request in one piece, and an answer that says all in one.

An answer is plain if it came whole, in HTTP/1.1, with its length stated once and nothing to be agreed on. Whatever else
comes is left to h11 (see `docs/decisions/connections.md`, which has the reasons for the server's side).
"""

import re
from collections.abc import Iterable, Mapping

import msgspec

MAX_HEAD = 32_768
"""Bytes of an answer's head, from its version to the empty line."""

_END = b"\r\n\r\n"
_STATUS_LINE = re.compile(rb"HTTP/1\.1 ([2-5][0-9]{2}) [\t\x20-\x7e\x80-\xff]*+\r\n")
# Nothing is given back once it was taken (++, *+): a line of spaces would else be tried in as many ways as it is long.
_FIELD = re.compile(rb"^([!#$%&'*+\-.^_`|~0-9A-Za-z]++):[ \t]*+([\t\x20-\x7e\x80-\xff]*+)\r\n", re.MULTILINE)
_LENGTH = re.compile(rb"[0-9]{1,15}")
_NO_LENGTH = frozenset((b"204", b"304"))
"""What has no body, whatever length it states; there h11 decides."""
_SHOWN = bytes(range(0x20, 0x7F))


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What matters of an answer to something told: its status, and its Retry-After header or an empty text."""

    status: int
    retry_after: str


def write_post(target: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """Return a POST as it goes on the wire; `headers` have Host and Content-Length.

    Raises ValueError if there is anything in a header that could end it, or that is not ASCII.
    """
    lines = [f"POST {target} HTTP/1.1\r\n", *(f"{name}: {value}\r\n" for name, value in headers.items())]
    written = "".join(lines).encode("ascii")
    if written.translate(None, _SHOWN) != b"\r\n" * len(lines):
        raise ValueError("a header has control characters in it")
    return b"%b\r\n%b" % (written, body)


def read_plain(received: bytes) -> tuple[Told, bool] | None:
    """Return what matters of an answer, and whether its connection may serve again.

    None if h11 is to read it: it is not plain, not all there, or something follows it.
    """
    size = received.find(_END, 0, MAX_HEAD) + len(_END)
    line = _STATUS_LINE.match(received, 0, size) if size >= len(_END) else None
    if line is None:
        return None
    fields = _FIELD.findall(received, line.end(), size)
    if len(fields) != received.count(b"\n", line.end(), size) - 1:  # some line is no field
        return None
    lengths, lasts, asked = list[bytes](), True, list[tuple[bytes, bytes]]()
    for name, value in fields:
        match name.lower():
            case b"content-length":
                lengths.append(value.rstrip())
            case b"retry-after":
                asked.append((b"retry-after", value.rstrip()))
            case b"connection":
                option = value.rstrip().lower()
                if option not in {b"close", b"keep-alive"}:
                    return None
                lasts = lasts and option == b"keep-alive"
            case b"transfer-encoding" | b"upgrade":
                return None
    if line[1] in _NO_LENGTH or len(lengths) != 1 or not _LENGTH.fullmatch(lengths[0]):
        return None
    if size + int(lengths[0]) != len(received):
        return None
    return Told(status=int(line[1]), retry_after=retry_after(asked)), lasts


def retry_after(fields: Iterable[tuple[bytes, bytes]]) -> str:
    """Return the Retry-After header among fields whose names are in lower case; several are one list."""
    return ", ".join(value.decode("latin-1") for name, value in fields if name == b"retry-after")
