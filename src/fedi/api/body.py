"""Reads what a client sent, in any of the three forms apps use: JSON, urlencoded and multipart.

Sizes are bounded before anything is parsed; files are spooled to disk by the multipart parser.
"""

from collections.abc import AsyncGenerator
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.types import Receive

from fedi.api.forms import BadRequestError, nest
from fedi.errors import ClientError

BODY_LIMIT = 1 << 20
UPLOAD_LIMIT = 100 << 20
FIELD_LIMIT = 1000


class TooLargeError(ClientError):
    """The request is too large."""

    status = 413


class Disconnected(Exception):
    """The client went away before it had sent everything."""


async def read_body(headers: Headers, receive: Receive, *, uploads: bool) -> dict[str, Any]:
    """Return the parameters in a request's body, as a tree; large bodies only where `uploads` are expected.

    Raises BadRequestError, TooLargeError, or Disconnected.
    """
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _multipart(headers, receive, UPLOAD_LIMIT if uploads else BODY_LIMIT)
    raw = b"".join([chunk async for chunk in _chunks(receive, BODY_LIMIT)])
    if not raw:
        return {}
    if kind == "application/json" or kind.endswith("+json"):
        return _json(raw)
    if kind in {"application/x-www-form-urlencoded", ""}:
        return nest(parse_query(raw))
    return {}


def parse_query(raw: bytes) -> list[tuple[str, str]]:
    """Return the pairs of a query string or an urlencoded body. Raises BadRequestError."""
    try:
        return parse_qsl(raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=FIELD_LIMIT)
    except ValueError:
        raise BadRequestError("Invalid query parameters") from None


def files_in(tree: Any) -> list[UploadFile]:
    """Return the uploads in a tree of parameters, so that they can be closed."""
    if isinstance(tree, UploadFile):
        return [tree]
    branches = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    return [file for branch in branches for file in files_in(branch)]


def _json(raw: bytes) -> dict[str, Any]:
    try:
        tree = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadRequestError("There was a problem in the JSON you submitted") from None
    return tree if isinstance(tree, dict) else {}


async def _multipart(headers: Headers, receive: Receive, limit: int) -> dict[str, Any]:
    parser = MultiPartParser(
        headers,
        _chunks(receive, limit),
        max_files=20,
        max_fields=FIELD_LIMIT,
        max_part_size=BODY_LIMIT,
    )
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, ValueError):
        raise BadRequestError("The form could not be read") from None
    try:
        return nest(form.multi_items())
    except BadRequestError:
        await form.close()
        raise


async def _chunks(receive: Receive, limit: int) -> AsyncGenerator[bytes, None]:
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise TooLargeError
        more = message.get("more_body", False)
        yield chunk
