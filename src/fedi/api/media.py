"""Uploads of a person's own: made, described, looked at, thrown away (https://docs.joinmastodon.org/methods/media/)."""

import msgspec
from starlette.datastructures import UploadFile

from fedi.api.acting import acting
from fedi.api.entities.media import MediaAttachment
from fedi.api.request import ApiRequest, Reply
from fedi.api.routing import route
from fedi.api.statuses_actions import focus
from fedi.api.uploads import content, on_disk
from fedi.commands import media
from fedi.commands.media import Wish
from fedi.errors import ClientError
from fedi.registry.media import Media
from fedi.services.media.film_limits import MAX_FILM_BYTES
from fedi.services.media.pictures import MAX_BYTES

PATIENCE = 90.0
"""Seconds that the first version of the API waits for a film; the second never waits."""


class OneMedia(msgspec.Struct, frozen=True, kw_only=True):
    id: int


class Said(msgspec.Struct, frozen=True, kw_only=True):
    description: str | None = None
    focus: str | None = None
    thumbnail: UploadFile | None = None


class Described(Said, frozen=True, kw_only=True):
    id: int


class Upload(Said, frozen=True, kw_only=True):
    file: UploadFile | None = None


@route("POST", "/api/v1/media", scope="write:media", auth="user")
async def upload(request: ApiRequest, params: Upload) -> MediaAttachment:
    """Upload a file; it is processed when the answer comes."""
    made = await _upload(request, params)
    if made.state != "ready":
        owner = await acting(request)
        made = await media.processed(request.deps.commands, owner, made.id, within=PATIENCE)
    return _entity(request, made)


@route("POST", "/api/v2/media", scope="write:media", auth="user")
async def upload_soon(request: ApiRequest, params: Upload) -> MediaAttachment | Reply:
    """Upload a file. A picture is processed when the answer comes; for anything else it is 202, and one asks again."""
    made = await _upload(request, params)
    return _entity(request, made) if made.state == "ready" else Reply(body=_entity(request, made), status=202)


@route("GET", "/api/v1/media/:id", scope="write:media", auth="user")
async def show(request: ApiRequest, params: OneMedia) -> MediaAttachment | Reply:
    """Look at an upload of one's own; 206 while it is processed."""
    known = await media.own(request.deps.commands, await acting(request), params.id)
    media.check_readable(known)
    return _shown(request, known)


@route(("PUT", "PATCH"), "/api/v1/media/:id", scope="write:media", auth="user")
async def describe(request: ApiRequest, params: Described) -> MediaAttachment | Reply:
    """Say something else about an upload that no status holds, or give it another small picture."""
    wish = await _wish(params)
    return _shown(request, await media.describe(request.deps.commands, await acting(request), params.id, wish))


@route("DELETE", "/api/v1/media/:id", scope="write:media", auth="user")
async def discard(request: ApiRequest, params: OneMedia) -> dict[str, str]:
    """Throw an upload away that no status holds."""
    await media.discard(request.deps.commands, await acting(request), params.id)
    return {}


async def _upload(request: ApiRequest, params: Upload) -> Media:
    if params.file is None:
        raise ClientError("Validation failed: File can't be blank")
    owner, wish = await acting(request), await _wish(params)
    async with on_disk(params.file, MAX_FILM_BYTES) as file:
        return await media.upload(request.deps.commands, owner, file, wish)


async def _wish(params: Said) -> Wish:
    return Wish(
        description=params.description,
        focus=focus(params.focus),
        thumbnail=await content(params.thumbnail, MAX_BYTES),
    )


def _shown(request: ApiRequest, found: Media) -> MediaAttachment | Reply:
    entity = _entity(request, found)
    return entity if found.state == "ready" else Reply(body=entity, status=206)


def _entity(request: ApiRequest, found: Media) -> MediaAttachment:
    storage = request.deps.commands.storage
    return MediaAttachment(
        id=str(found.id),
        type=found.kind,
        url=storage.url(found.storage_key) if found.storage_key and found.state == "ready" else None,
        preview_url=storage.url(found.preview_key) if found.preview_key else None,
        meta={**found.meta, "focus": {"x": found.focus_x, "y": found.focus_y}},
        description=found.description,
        blurhash=found.blurhash,
    )
