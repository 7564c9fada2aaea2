"""Uploads: judged by their content, written anew and kept, and what their uploader says about them.

A picture is ready when the answer comes. A film, sound or animation is kept as it came, where nobody can see it, until
a job has written it anew: the row and its job are there together or not at all.
"""

import asyncio
import secrets
from collections.abc import Callable
from pathlib import Path

import msgspec

from fedi.commands.context import Context
from fedi.errors import ClientError, NotFoundError
from fedi.registry import media
from fedi.registry.media import Media, MediaKind, MediaPurpose
from fedi.services.media import pictures, sniffing
from fedi.services.media.film_limits import MAX_FILM_BYTES
from fedi.services.media.pictures import Encoded, Preview, Processed
from fedi.services.media.sniffing import Container
from fedi.services.storage import MEDIA_TYPES
from fedi.services.uploads import ProcessUpload, lane
from fedi.views.targets import AccountRef

MAX_DESCRIPTION = 10_000
LOOK_SECONDS = 0.2
Focus = tuple[float, float]


class UnreadableError(ClientError):
    """Error processing thumbnail for uploaded media"""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody says of an upload; None leaves it as it is. `thumbnail` holds the bytes of a picture."""

    description: str | None = None
    focus: Focus | None = None
    thumbnail: bytes | None = None


async def upload(context: Context, owner: AccountRef, file: Path, wish: Wish) -> Media:
    """Keep a file for a post that is still to be written. The row comes first, and is harmless alone.

    Returns its row: "ready" for a picture, "processing" for anything else.

    Raises:
        ClientError: it is of no kind that is taken, too large, or described at too great a length.
    """
    check_description(wish.description)
    size, head = await asyncio.to_thread(_looked_at, file)
    if not size:
        raise ClientError("Validation failed: File can't be blank")
    if sniffing.still(head) is not None:
        _check_size(size, pictures.MAX_BYTES)
        data = await asyncio.to_thread(file.read_bytes)
        if not await context.workshop.run(pictures.moves, data):
            return await _picture(context, owner, data, wish)
    container = sniffing.film(head)
    if container is None:
        raise ClientError("Validation failed: File content type is invalid")
    _check_size(size, MAX_FILM_BYTES)
    return await _film(context, owner, file, container, size, wish)


async def profile_picture(
    context: Context, owner: AccountRef, data: bytes, purpose: MediaPurpose, crop: Callable[[bytes], Encoded]
) -> str:
    """Keep an avatar or a header and return its address. Raises ClientError as `upload` does."""
    made = await context.workshop.run(crop, data)
    media_id = context.appender.allot(context.clock())
    place = f"{purpose}s/{media_id}/{secrets.token_hex(8)}"
    key, files = f"{place}.{made.ending}", {f"{place}.{made.ending}": made}
    if made.still is not None:
        files[f"{place}-static.{made.still.ending}"] = made.still
    row = Media(
        id=media_id,
        account_id=owner.id,
        purpose=purpose,
        kind="image",
        state="processing",
        mime=MEDIA_TYPES[made.ending],
        size=len(made.data),
        storage_key=key,
        preview_key=next((each for each in files if each != key), None),
        created_at=context.clock(),
    )
    await _keep(context, row, files)
    return context.storage.url(key)


async def describe(context: Context, owner: AccountRef, media_id: int, wish: Wish) -> Media:
    """Change what the uploader says about an upload that no post holds.

    Raises:
        NotFoundError: there is no such upload, it is somebody else's, or a post holds it.
        ClientError: the description is too long, the picture cannot be used, or the upload could not be read.
    """
    check_description(wish.description)
    known = await own(context, owner, media_id)
    if known.status_id is not None:
        raise NotFoundError
    check_readable(known)
    x, y = wish.focus or (known.focus_x, known.focus_y)
    text = known.description if wish.description is None else wish.description
    small = await _thumbnail(context, wish)
    async with context.pool.connection() as connection:
        changed = await media.describe(connection, media_id, description=text, focus=(_within(x), _within(y)))
    if changed is None:
        raise NotFoundError
    return changed if small is None else await _illustrated(context, changed, small)


async def discard(context: Context, owner: AccountRef, media_id: int) -> None:
    """Delete an upload. Raises NotFoundError, or ClientError if a post holds it."""
    known = await own(context, owner, media_id)
    async with context.pool.connection() as connection:
        gone = await media.discard(connection, known.id, account_id=owner.id)
    if gone is None:
        raise ClientError("Media attachment is currently used by a status")
    for key in (gone.storage_key, gone.preview_key):
        if key:
            await context.storage.delete(key)


async def own(context: Context, owner: AccountRef, media_id: int) -> Media:
    """Return somebody's own upload. Raises NotFoundError."""
    async with context.pool.connection() as connection:
        known = await media.by_id(connection, media_id)
    if known is None or known.account_id != owner.id or known.purpose != "attachment":
        raise NotFoundError
    return known


async def processed(context: Context, owner: AccountRef, media_id: int, *, within: float) -> Media:
    """Wait until an upload is ready, `within` seconds at most, and return it as it is then.

    Raises ClientError if it could not be read.
    """
    end = asyncio.get_running_loop().time() + within
    while True:
        known = await own(context, owner, media_id)
        check_readable(known)
        if known.state == "ready" or asyncio.get_running_loop().time() > end:
            return known
        await asyncio.sleep(LOOK_SECONDS)


def check_readable(known: Media) -> None:
    """Raise UnreadableError for an upload that could not be processed."""
    if known.state == "failed":
        raise UnreadableError


def check_description(description: str | None) -> None:
    """Refuse a description of a picture that is too long. Raises ClientError."""
    if description is not None and len(description) > MAX_DESCRIPTION:
        raise ClientError(f"Validation failed: Description is too long (maximum is {MAX_DESCRIPTION} characters)")


async def _picture(context: Context, owner: AccountRef, data: bytes, wish: Wish) -> Media:
    made = await context.workshop.run(pictures.process, data)
    media_id = context.appender.allot(context.clock())
    place = _place(media_id)
    original, small = f"{place}.{made.original.ending}", f"{place}-small.{made.small.ending}"
    row = _described(
        Media(
            id=media_id,
            account_id=owner.id,
            purpose="attachment",
            kind="image",
            state="processing",
            mime=MEDIA_TYPES[made.original.ending],
            size=len(made.original.data),
            storage_key=original,
            preview_key=small,
            meta=_meta(made),
            blurhash=made.blurhash,
            created_at=context.clock(),
        ),
        wish,
    )
    kept = await _keep(context, row, {original: made.original, small: made.small})
    illustration = await _thumbnail(context, wish)
    return kept if illustration is None else await _illustrated(context, kept, illustration)


async def _film(context: Context, owner: AccountRef, file: Path, container: Container, size: int, wish: Wish) -> Media:
    illustration = await _thumbnail(context, wish)
    media_id = context.appender.allot(context.clock())
    row = _described(
        Media(
            id=media_id,
            account_id=owner.id,
            purpose="attachment",
            kind=_kind(container),
            state="processing",
            mime="application/octet-stream",
            size=size,
            storage_key=f"incoming/{media_id}/{secrets.token_hex(16)}",
            created_at=context.clock(),
        ),
        wish,
    )
    await context.storage.put_file(row.storage_key or "", file)
    async with context.pool.connection() as connection, connection.transaction():
        await media.add(connection, row)
        job = ProcessUpload(media_id=media_id, container=container)
        await context.jobs.put(job, connection=connection, lane=lane(media_id))
    return row if illustration is None else await _illustrated(context, row, illustration)


async def illustrate(context: Context, upload: Media, thumbnail: bytes) -> Media:
    """Give an upload another small picture. Raises ClientError for what is no picture."""
    return await _illustrated(context, upload, await context.workshop.run(pictures.thumbnail, thumbnail))


async def _thumbnail(context: Context, wish: Wish) -> Preview | None:
    return await context.workshop.run(pictures.thumbnail, wish.thumbnail) if wish.thumbnail else None


async def _illustrated(context: Context, row: Media, small: Preview) -> Media:
    """Give an upload the small picture that its uploader chose."""
    key = f"{_place(row.id)}-small.{small.encoded.ending}"
    await context.storage.put(key, small.encoded.data)
    async with context.pool.connection() as connection:
        changed = await media.illustrate(connection, row.id, preview_key=key, small=small.meta, blurhash=small.blurhash)
    if changed is None:
        raise NotFoundError
    if row.preview_key:
        await context.storage.delete(row.preview_key)
    return changed


async def _keep(context: Context, row: Media, files: dict[str, Encoded]) -> Media:
    async with context.pool.connection() as connection:
        await media.add(connection, row)
    for key, file in files.items():
        await context.storage.put(key, file.data)
    ready = msgspec.structs.replace(row, state="ready")
    async with context.pool.connection() as connection:
        await media.finish(connection, ready)
    return ready


def _described(row: Media, wish: Wish) -> Media:
    x, y = wish.focus or (0.0, 0.0)
    return msgspec.structs.replace(row, description=wish.description, focus_x=_within(x), focus_y=_within(y))


def _kind(container: Container) -> MediaKind:
    match container:
        case "gif":
            return "gifv"
        case "mp4" | "mov" | "webm":
            return "video"
        case _:
            return "audio"


def _looked_at(file: Path) -> tuple[int, bytes]:
    with file.open("rb") as opened:
        head = opened.read(sniffing.HEAD)
    return file.stat().st_size, head


def _check_size(size: int, most: int) -> None:
    if size > most:
        raise ClientError(f"Validation failed: File file size must be less than {most // 1024 // 1024} MB")


def _place(media_id: int) -> str:
    return f"attachments/{media_id}/{secrets.token_hex(8)}"


def _meta(made: Processed) -> dict[str, dict[str, object]]:
    return {
        "original": pictures.size_meta(made.original.width, made.original.height),
        "small": pictures.size_meta(made.small.width, made.small.height),
    }


def _within(value: float) -> float:
    return min(max(value, -1.0), 1.0)
