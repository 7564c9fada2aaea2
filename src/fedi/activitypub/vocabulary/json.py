"""The gate for JSON that strangers wrote: what passes can be stored, read back and folded for ever.

Postgres' jsonb refuses NUL, lone surrogates, NaN and 1e999999, which every Python decoder accepts; one such document
in the log could block a fold. Duplicate keys are refused because a proxy and we might each believe another one.
Pure. Invariant: `parse` returns a dict or raises `PeerError`, whatever the bytes.
"""

import json
import math
from typing import Any, NoReturn

import msgspec

from fedi.errors import PeerError

MAX_BYTES = 1_000_000
MAX_DEPTH = 32
MAX_PARTS = 25_000
"""Bounds the work: 1 MB of `{"":0},` held the event loop for 0.2 s. Those inside texts count too: that is cheaper."""
MAX_PLAIN = 16_384
"""What is longer is read by one decoder alone: the other takes 70 ms for a megabyte of long numbers."""
MAX_INTEGER = 2**63 - 1
_NUMBER = "The document holds a number out of range."


class BadDocumentError(PeerError):
    """The document is not JSON that this server accepts."""

    reason = "bad_json"


def parse(body: bytes) -> dict[str, Any]:
    """Return the JSON object in `body`: UTF-8, at most 1 MB, 32 levels deep.

    Raises `BadDocumentError` (400; 413 when too large) with a reason for the counters.
    """
    if len(body) > MAX_BYTES:
        raise BadDocumentError("The document is too large.", status=413, reason="json_too_large")
    if body.count(b"{") + body.count(b"[") + body.count(b",") > MAX_PARTS:
        raise BadDocumentError("The document has too many parts.", reason="json_too_many_parts")
    escapes = b"\\u" in body
    document = None if escapes or len(body) > MAX_PLAIN else _read_plain(body)
    if document is None:
        try:
            document = _decoder.decode(body.decode("utf-8"))
        except (ValueError, RecursionError):
            raise BadDocumentError from None
    if not isinstance(document, dict):
        raise BadDocumentError("The document is not a JSON object.", reason="json_no_object")
    _check(document, escapes=escapes)
    return document


def _read_plain(body: bytes) -> Any:
    """Return what stands in a body that has one way of being written, as nearly all have; None for any other.

    What a quicker decoder makes of it must give the same bytes again: keys that stand twice, numbers that it rounds
    and whatever else it would pass over make others.
    """
    try:
        document = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return document if msgspec.json.encode(document) == body else None


def _check(document: dict[str, Any], *, escapes: bool) -> None:
    """Walk a document level by level: refuse too many of them, and strings and numbers that no database takes.

    Such strings can only be written with an escape, so the strings of a body without one are not looked at.
    """
    level: list[Any] = [document]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for container in level:
            if isinstance(container, dict):
                if escapes:
                    _check_text("".join(container))
                values = container.values()
            else:
                values = container
            for value in values:
                kind = type(value)
                if kind is str:
                    if escapes:
                        _check_text(value)
                elif kind is dict or kind is list:
                    below.append(value)
                elif kind is int and abs(value) > MAX_INTEGER:
                    raise BadDocumentError(_NUMBER, reason="json_number")
        if not below:
            return
        level = below
    raise BadDocumentError("The document is nested too deeply.", reason="json_too_deep")


def _check_text(text: str) -> None:
    if "\0" in text:
        raise BadDocumentError("The document holds a NUL character.", reason="json_nul")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise BadDocumentError("The document holds half a character.", reason="json_surrogate") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise BadDocumentError("The document names a key twice.", reason="json_duplicate_key")
    return result


def _integer(text: str) -> int:
    if len(text) > 20 or abs(value := int(text)) > MAX_INTEGER:
        raise BadDocumentError(_NUMBER, reason="json_number")
    return value


def _float(text: str) -> float:
    if len(text) > 400 or not math.isfinite(value := float(text)):
        raise BadDocumentError(_NUMBER, reason="json_number")
    return value


def _constant(text: str) -> NoReturn:
    raise BadDocumentError("The document holds a number that is none.", reason="json_number")


_decoder = json.JSONDecoder(object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant)
