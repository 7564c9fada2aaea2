"""Uploads: a picture, encoded anew and kept, and what its uploader says about it."""

import secrets
from collections.abc import Callable

import msgspec

from fedi.commands.context import Context
from fedi.errors import ClientError, NotFoundError
from fedi.registry import media
from fedi.registry.media import Media, MediaPurpose
from fedi.services import pictures
from fedi.services.pictures import Encoded, Processed
from fedi.services.storage import MEDIA_TYPES
from fedi.views.targets import AccountRef

MAX_DESCRIPTION = 10_000
Focus = tuple[float, float]


async def upload(
    context: Context, owner: AccountRef, data: bytes, *, description: str | None = None, focus: Focus = (0.0, 0.0)
) -> Media:
    """Keep a picture for a post that is still to be written. The row comes first, and is harmless alone.

    Raises:
        ClientError: it is no picture, too large, or described at too great a length.
    """
    check_description(description)
    made = await context.workshop.run(pictures.process, data)
    media_id = context.appender.allot(context.clock())
    place = f"attachments/{media_id}/{secrets.token_hex(8)}"
    row = Media(
        id=media_id,
        account_id=owner.id,
        purpose="attachment",
        kind="image",
        state="processing",
        mime=MEDIA_TYPES[made.original.ending],
        size=len(made.original.data),
        storage_key=f"{place}.{made.original.ending}",
        preview_key=f"{place}-small.{made.small.ending}",
        meta=_meta(made),
        description=description,
        focus_x=_within(focus[0]),
        focus_y=_within(focus[1]),
        blurhash=made.blurhash,
        created_at=context.clock(),
    )
    return await _keep(
        context, row, {f"{place}.{made.original.ending}": made.original, row.preview_key or "": made.small}
    )


async def profile_picture(
    context: Context, owner: AccountRef, data: bytes, purpose: MediaPurpose, crop: Callable[[bytes], Encoded]
) -> str:
    """Keep an avatar or a header and return its address. Raises ClientError as `upload` does."""
    made = await context.workshop.run(crop, data)
    media_id = context.appender.allot(context.clock())
    key = f"{purpose}s/{media_id}/{secrets.token_hex(8)}.{made.ending}"
    row = Media(
        id=media_id,
        account_id=owner.id,
        purpose=purpose,
        kind="image",
        state="processing",
        mime=MEDIA_TYPES[made.ending],
        size=len(made.data),
        storage_key=key,
        created_at=context.clock(),
    )
    await _keep(context, row, {key: made})
    return context.storage.url(key)


async def describe(
    context: Context, owner: AccountRef, media_id: int, *, description: str | None, focus: Focus | None
) -> Media:
    """Change what the uploader says about an upload that no post holds; None leaves it as it is.

    Raises:
        NotFoundError: there is no such upload, it is somebody else's, or a post holds it.
        ClientError: the description is too long.
    """
    check_description(description)
    known = await own(context, owner, media_id)
    if known.status_id is not None:
        raise NotFoundError
    x, y = focus or (known.focus_x, known.focus_y)
    text = known.description if description is None else description
    async with context.pool.connection() as connection:
        changed = await media.describe(connection, media_id, description=text, focus=(_within(x), _within(y)))
    if changed is None:
        raise NotFoundError
    return changed


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


async def _keep(context: Context, row: Media, files: dict[str, Encoded]) -> Media:
    async with context.pool.connection() as connection:
        await media.add(connection, row)
    for key, file in files.items():
        await context.storage.put(key, file.data)
    ready = msgspec.structs.replace(row, state="ready")
    async with context.pool.connection() as connection:
        await media.finish(connection, ready)
    return ready


def _meta(made: Processed) -> dict[str, dict[str, object]]:
    return {"original": _size(made.original), "small": _size(made.small)}


def _size(picture: Encoded) -> dict[str, object]:
    width, height = picture.width, picture.height
    return {"width": width, "height": height, "size": f"{width}x{height}", "aspect": width / height}


def _within(value: float) -> float:
    return min(max(value, -1.0), 1.0)


def check_description(description: str | None) -> None:
    """Refuse a description of a picture that is too long. Raises ClientError."""
    if description is not None and len(description) > MAX_DESCRIPTION:
        raise ClientError(f"Validation failed: Description is too long (maximum is {MAX_DESCRIPTION} characters)")
