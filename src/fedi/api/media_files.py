"""The files themselves: people's own, and copies of what other servers show.

Whatever a file holds, a browser must take it for nothing but a picture, and a peer for nothing at all: the type is what
we encoded, not what somebody said, nothing may run, and nothing is ever served as a document (S-010, S-091, S-092).
"""

import asyncio
import re
from hmac import compare_digest
from typing import get_args

import msgspec
from starlette.responses import FileResponse, RedirectResponse, Response

from fedi.api.entities.media import FILMS
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.callers import block_of
from fedi.errors import NotFoundError, Unavailable
from fedi.registry.media import CLOSED
from fedi.services.limiter import Limit
from fedi.services.storage import media_type, well_formed
from fedi.site import STILL, RemoteMedia, url_digest
from fedi.views import remote_files

_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Origin",
}
_REDIRECTED = "public, max-age=600"
"""A copy may be thrown away and made anew under another name."""
_ELSEWHERE = {"Cache-Control": "public, max-age=600", "Referrer-Policy": "no-referrer"}
FILMS_FETCHED = Limit("films", 30, 600)
"""Of films that are not here yet, one who looks may ask for so many."""
_PURPOSES = frozenset({"attachments", "avatars", "emojis", "headers"})
_KINDS: dict[str, RemoteMedia] = {kind: kind for kind in get_args(RemoteMedia)}
_NAME = re.compile(rf"(\d{{1,3}})-([0-9a-f]{{16}})({STILL})?")


class OwnFile(msgspec.Struct, frozen=True, kw_only=True):
    purpose: str
    id: str
    name: str


class RemoteFile(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    id: int
    name: str


@route("GET", "/media/:purpose/:id/:name", scope=None, auth="public")
async def own_file(request: ApiRequest, params: OwnFile) -> Response:
    """A file that somebody here uploaded. Its address holds a random part, and is known to who may see its post."""
    if params.purpose not in _PURPOSES:
        raise NotFoundError
    return await _file(request, f"{params.purpose}/{params.id}/{params.name}")


@route("GET", "/media/remote/:kind/:id/:name", scope=None, auth="public")
async def remote_file(request: ApiRequest, params: RemoteFile) -> Response:
    """Our copy of a remote file; only of one that an account or a status here names: this is no open proxy."""
    name, kind = _NAME.fullmatch(params.name), _KINDS.get(params.kind)
    if name is None or kind is None:
        raise NotFoundError
    async with request.deps.pool.connection() as connection:
        found = await remote_files.named(connection, kind, params.id, int(name[1]))
    url = found.url if found is not None else None
    if found is None or not url or not compare_digest(url_digest(url), name[2]) or request.deps.site.is_local(url):
        raise NotFoundError
    if found.kind in FILMS:
        return await _film(request, url)
    key = await _picture(request, kind, url, still=name[3] is not None)
    if key is None:
        raise NotFoundError
    return await _file(request, key)


async def _picture(request: ApiRequest, kind: RemoteMedia, url: str, *, still: bool) -> str | None:
    """Return under which key our copy of a picture is kept. One whose file was lost is made anew, once."""
    copies = request.deps.copies
    for _ in range(2):
        copy = await copies.of(kind, url)
        if copy is None or copy.storage_key is None:
            break
        key = (copy.preview_key if still else None) or copy.storage_key
        if await copies.whole(copy, key):
            return key
    return None


async def _film(request: ApiRequest, url: str) -> Response:
    """Answer with our copy of a film or sound. One that cannot be had, as it is too large, is looked at where it is.

    Not so one from where no files are to come, be it by a redirect: who looks there shows themselves to that server.
    """
    copy = await request.deps.copies.known(url)
    if copy is None or copy.state != "ready" or not await request.deps.copies.whole(copy, copy.storage_key or ""):
        if not await request.deps.copies.allowed(url):
            raise NotFoundError
        if request.deps.limiter is not None and request.address is not None:
            await request.deps.limiter.require((FILMS_FETCHED, block_of(request.address)))
        copy = await request.deps.copies.of_film(url)
    if copy is not None and copy.state == "ready" and copy.storage_key is not None:
        return await _file(request, copy.storage_key)
    if copy is not None and copy.state == "processing":
        raise Unavailable("a copy of a film is still being made")
    if copy is not None and copy.meta.get(CLOSED):
        raise NotFoundError
    return RedirectResponse(url, status_code=302, headers=_ELSEWHERE)


async def _file(request: ApiRequest, key: str) -> Response:
    """Answer with a file, or a part of it (RFC 9110 §14); or say where it is, if another place shows it."""
    kind, storage = media_type(key), request.deps.commands.storage
    if kind is None or not well_formed(key):
        raise NotFoundError
    path = storage.path(key)
    if path is None:
        return RedirectResponse(storage.url(key), status_code=302, headers=_HEADERS | {"Cache-Control": _REDIRECTED})
    if not await asyncio.to_thread(path.is_file):
        raise NotFoundError
    return FileResponse(path, media_type=kind, headers=_HEADERS)
