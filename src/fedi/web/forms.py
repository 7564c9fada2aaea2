"""Forms: showing them, reading them, and knowing that they came from our own pages.

A form carries a word derived from a cookie that other sites can neither read nor set: the session's, or before there is
a session one made for the form. Nothing is stored for it.
"""

import hmac
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import HTMLResponse

from fedi.errors import ClientError
from fedi.registry.secrets import derive, new_secret
from fedi.web.cookies import read_cookie, set_cookie
from fedi.web.pages import render
from fedi.web.parts import Parts

LIFE = timedelta(days=1)
SIZE = 64 << 10
FIELDS = 100


class ForgedFormError(ClientError):
    """This form has expired. Please go back, reload the page and try again."""

    status = 403


class UnreadableError(ClientError):
    """This request could not be read."""

    status = 400


def render_form(request: Request, parts: Parts, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page with a form; its template puts `form_word` into a hidden field."""
    cookie = read_cookie(request, parts, "session") or read_cookie(request, parts, "form")
    tied_to = cookie or new_secret()
    response = render(parts, template, status=status, form_word=_word(parts, tied_to), **values)
    if cookie is None:
        set_cookie(response, parts, "form", tied_to, LIFE)
    return response


async def read_form(request: Request, parts: Parts) -> list[tuple[str, str]]:
    """Return the fields of a form from one of our pages, as they came. Raises UnreadableError or ForgedFormError."""
    raw = b""
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > SIZE:
            raise UnreadableError
    pairs = _pairs(raw)
    _check(request, parts, dict(pairs).get("form_word", ""))
    return [pair for pair in pairs if pair[0] != "form_word"]


async def read_upload(request: Request, parts: Parts, limit: int) -> tuple[dict[str, str], bytes]:
    """Return the fields of a form with one `file`, and that file's content, of at most `limit` bytes.

    Raises UnreadableError or ForgedFormError.
    """
    parser = MultiPartParser(request.headers, _bounded(request, limit + SIZE), max_files=1, max_fields=FIELDS)
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, ValueError):
        raise UnreadableError from None
    try:
        fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
        _check(request, parts, fields.get("form_word", ""))
        file = form.get("file")
        return fields, await file.read() if isinstance(file, UploadFile) else b""
    finally:
        await form.close()


async def _bounded(request: Request, limit: int) -> AsyncGenerator[bytes, None]:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise UnreadableError
        yield chunk


def _check(request: Request, parts: Parts, given: str) -> None:
    cookies = (read_cookie(request, parts, "session"), read_cookie(request, parts, "form"))
    if not any(hmac.compare_digest(_word(parts, cookie).encode(), given.encode()) for cookie in cookies if cookie):
        raise ForgedFormError


def read_query(request: Request) -> list[tuple[str, str]]:
    """Return the parameters of a query, as they came. Raises UnreadableError."""
    return _pairs(request.scope["query_string"])


def _pairs(raw: bytes) -> list[tuple[str, str]]:
    try:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=FIELDS)
    except ValueError:
        raise UnreadableError from None
    if any("\0" in text for pair in pairs for text in pair):
        raise UnreadableError
    return pairs


def _word(parts: Parts, cookie: str) -> str:
    return derive(parts.settings.secret_key_base, "form", cookie.encode())
