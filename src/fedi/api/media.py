"""Uploads of a person's own: made, described, looked at, thrown away."""

import msgspec
from starlette.datastructures import UploadFile

from fedi.api.acting import acting
from fedi.api.entities.media import MediaAttachment
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.api.statuses_actions import focus
from fedi.api.uploads import content
from fedi.commands import media
from fedi.errors import ClientError
from fedi.registry.media import Media
from fedi.services.pictures import MAX_BYTES


class OneMedia(msgspec.Struct, frozen=True, kw_only=True):
    id: int


class Described(OneMedia, frozen=True, kw_only=True):
    description: str | None = None
    focus: str | None = None


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    file: UploadFile | None = None
    description: str | None = None
    focus: str | None = None


@route("POST", "/api/v1/media", scope="write:media", auth="user")
async def upload(request: ApiRequest, params: Upload) -> MediaAttachment:
    """Upload a picture; it is processed when the answer comes."""
    return await _upload(request, params)


@route("POST", "/api/v2/media", scope="write:media", auth="user")
async def upload_soon(request: ApiRequest, params: Upload) -> MediaAttachment:
    """Upload a picture. Pictures are quick, so the answer is never 202: it is processed when the answer comes."""
    return await _upload(request, params)


@route("GET", "/api/v1/media/:id", scope="write:media", auth="user")
async def show(request: ApiRequest, params: OneMedia) -> MediaAttachment:
    """Look at an upload of one's own."""
    return _entity(request, await media.own(request.deps.commands, await acting(request), params.id))


@route(("PUT", "PATCH"), "/api/v1/media/:id", scope="write:media", auth="user")
async def describe(request: ApiRequest, params: Described) -> MediaAttachment:
    """Say something else about an upload that no status holds."""
    changed = await media.describe(
        request.deps.commands,
        await acting(request),
        params.id,
        description=params.description,
        focus=focus(params.focus),
    )
    return _entity(request, changed)


@route("DELETE", "/api/v1/media/:id", scope="write:media", auth="user")
async def discard(request: ApiRequest, params: OneMedia) -> dict[str, str]:
    """Throw an upload away that no status holds."""
    await media.discard(request.deps.commands, await acting(request), params.id)
    return {}


async def _upload(request: ApiRequest, params: Upload) -> MediaAttachment:
    data = await content(params.file, MAX_BYTES)
    if not data:
        raise ClientError("Validation failed: File can't be blank")
    made = await media.upload(
        request.deps.commands,
        await acting(request),
        data,
        description=params.description,
        focus=focus(params.focus) or (0.0, 0.0),
    )
    return _entity(request, made)


def _entity(request: ApiRequest, found: Media) -> MediaAttachment:
    storage = request.deps.commands.storage
    return MediaAttachment(
        id=str(found.id),
        type=found.kind,
        url=storage.url(found.storage_key) if found.storage_key else None,
        preview_url=storage.url(found.preview_key) if found.preview_key else None,
        meta={**found.meta, "focus": {"x": found.focus_x, "y": found.focus_y}},
        description=found.description,
        blurhash=found.blurhash,
    )
