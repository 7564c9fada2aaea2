"""The media of a post: uploads of its author's own, bound to it before it is said."""

from collections.abc import Sequence

from fedi.commands.context import Context
from fedi.descriptions import Attachment
from fedi.errors import ClientError
from fedi.registry import media
from fedi.registry.media import Media
from fedi.services.storage import Storage


class TakenError(ClientError):
    """Media not found or already attached to another post"""

    def __init__(self, media_ids: set[int]) -> None:
        named = ", ".join(str(each) for each in sorted(media_ids))
        super().__init__(f"Media with IDs {named} not found or already attached to another post")


async def uploads(context: Context, account_id: int, media_ids: Sequence[int], status_id: int | None) -> list[Media]:
    """Return a person's uploads in the order asked for; those that a post holds only if it is `status_id`.

    Raises:
        TakenError: one is not there, belongs to somebody else, or is on another post.
        ClientError: one is not processed yet.
    """
    if not media_ids:
        return []
    async with context.pool.connection() as connection:
        found = await media.by_ids(connection, media_ids)
    wanted = [found[each] for each in dict.fromkeys(media_ids) if each in found]
    mine = [upload for upload in wanted if _usable(upload, account_id, status_id)]
    missing = set(media_ids) - {each.id for each in mine}
    if missing:
        raise TakenError(missing)
    if any(each.state != "ready" for each in mine):
        raise ClientError("Cannot attach files that have not finished processing. Try again in a moment!")
    return mine


async def bind(
    context: Context, account_id: int, media_ids: Sequence[int], status_id: int, held_by: int | None = None
) -> None:
    """Bind uploads to a post that is about to be said; `held_by` may hold them until now.

    Raises TakenError if another post was quicker.
    """
    if not media_ids:
        return
    async with context.pool.connection() as connection, connection.transaction():
        bound = await media.attach(connection, media_ids, account_id=account_id, status_id=status_id, held_by=held_by)
        if len(bound) < len(set(media_ids)):
            raise TakenError(set(media_ids) - set(bound))


async def release(context: Context, status_id: int, keep: Sequence[int] = ()) -> None:
    """Let go of the uploads of a post that was not said, is gone, or holds only those to `keep` now."""
    async with context.pool.connection() as connection:
        await media.release(connection, status_id, keep)


def attachment(upload: Media, storage: Storage) -> Attachment:
    """Return an upload as posts describe it."""
    original = upload.meta.get("original", {})
    focused = upload.focus_x != 0 or upload.focus_y != 0
    return Attachment(
        kind=upload.kind,
        url=storage.url(upload.storage_key or ""),
        media_type=upload.mime,
        description=upload.description or "",
        blurhash=upload.blurhash or "",
        width=original.get("width"),
        height=original.get("height"),
        duration=original.get("duration"),
        focus=(upload.focus_x, upload.focus_y) if focused else None,
        preview_url=storage.url(upload.preview_key) if upload.preview_key else "",
        media_id=upload.id,
        meta=dict(upload.meta),
    )


def _usable(upload: Media, account_id: int, status_id: int | None) -> bool:
    free = upload.status_id is None or upload.status_id == status_id
    return upload.account_id == account_id and upload.purpose == "attachment" and free
