"""Files: what people upload, and our copies of remote ones. Storage has the bytes; this is what we know of them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec
from psycopg.types.json import Jsonb

from fedi.registry.rows import Connection, change, numbers, one, several
from fedi.sql import queries

_SQL = queries(__file__)

MediaKind = Literal["image", "gifv", "video", "audio", "unknown"]
MediaPurpose = Literal["attachment", "avatar", "header", "remote"]
MediaState = Literal["processing", "ready", "failed"]
CLOSED = "closed"
"""In the meta of a copy that failed: its address leads to a server from where no files are to come."""


class Media(msgspec.Struct, frozen=True, kw_only=True):
    """A row of registry.media. `size` is in bytes, `focus_x` and `focus_y` lie between -1 and 1."""

    id: int
    account_id: int | None
    purpose: MediaPurpose
    kind: MediaKind
    state: MediaState
    mime: str
    size: int
    storage_key: str | None = None
    preview_key: str | None = None
    meta: Mapping[str, Any] = {}
    description: str | None = None
    focus_x: float = 0.0
    focus_y: float = 0.0
    blurhash: str | None = None
    status_id: int | None = None
    remote_url: str | None = None
    created_at: datetime


class Usage(msgspec.Struct, frozen=True):
    """How many files of a purpose are kept, and their bytes, small pictures not counted."""

    purpose: MediaPurpose
    files: int
    bytes: int


async def add(connection: Connection, media: Media) -> None:
    """Store a file's row under the id its maker allotted."""
    await change(connection, _SQL["add"], _values(media))


async def add_remote(connection: Connection, media: Media) -> Media:
    """Store the copy of a remote file; if another process was quicker, return what it stored."""
    stored = await one(connection, _SQL["add_remote"], _values(media), Media)
    if stored is None:
        stored = await by_remote_url(connection, media.remote_url or "")
    assert stored is not None
    return stored


async def claim_remote(
    connection: Connection, media_id: int, url: str, *, now: datetime, failed: datetime, stale: datetime
) -> Media | None:
    """Take it on to fetch a remote file; None if it is here, somebody else does, or it failed lately.

    What failed before `failed` is tried again, and so is what somebody took on before `stale` and never finished.
    """
    values = {"id": media_id, "remote_url": url, "now": now, "failed": failed, "stale": stale}
    return await one(connection, _SQL["claim_remote"], values, Media)


async def by_id(connection: Connection, media_id: int) -> Media | None:
    return await one(connection, _SQL["by_id"], {"id": media_id}, Media)


async def by_ids(connection: Connection, media_ids: Collection[int]) -> dict[int, Media]:
    """Return the rows there are, by id."""
    found = await several(connection, _SQL["by_ids"], {"ids": list(media_ids)}, Media)
    return {media.id: media for media in found}


async def by_remote_url(connection: Connection, url: str) -> Media | None:
    """Return our copy of a remote file."""
    return await one(connection, _SQL["by_remote_url"], {"remote_url": url}, Media)


async def lose(connection: Connection, media: Media) -> None:
    """Let a copy be made anew whose bytes are not there any more, unless it was already."""
    await change(connection, _SQL["lose"], {"id": media.id, "storage_key": media.storage_key})


async def finish(connection: Connection, media: Media) -> None:
    """Store what processing found out: state, type, size, keys, meta, blurhash, and when. The rest is left alone."""
    await change(connection, _SQL["finish"], _values(media))


async def describe(
    connection: Connection, media_id: int, *, description: str | None, focus: tuple[float, float]
) -> Media | None:
    """Change what the uploader says about a file; return the row as it is now."""
    values = {"id": media_id, "description": description, "focus_x": focus[0], "focus_y": focus[1]}
    return await one(connection, _SQL["describe"], values, Media)


async def illustrate(
    connection: Connection, media_id: int, *, preview_key: str, small: Mapping[str, object], blurhash: str
) -> Media | None:
    """Store the small picture that an uploader chose; return the row as it is now."""
    values = {"id": media_id, "preview_key": preview_key, "small": Jsonb(dict(small)), "blurhash": blurhash}
    return await one(connection, _SQL["illustrate"], values, Media)


async def processed(connection: Connection, media: Media) -> Media | None:
    """Store what became of an upload that waited; a picture that its uploader chose meanwhile stays.

    Returns the row as it is now, None if it waited no longer.
    """
    return await one(connection, _SQL["processed"], _values(media), Media)


async def attach(
    connection: Connection,
    media_ids: Collection[int],
    *,
    account_id: int,
    status_id: int,
    held_by: int | None = None,
) -> list[int]:
    """Bind uploads to a post; return those bound. An upload of somebody else, or of a post but `held_by`, is not."""
    values = {"ids": list(media_ids), "account_id": account_id, "status_id": status_id, "held_by": held_by}
    return await numbers(connection, _SQL["attach"], values)


async def release(connection: Connection, status_id: int, keep: Collection[int] = ()) -> None:
    """Unbind uploads from a post: all but those to `keep`."""
    await change(connection, _SQL["release"], {"status_id": status_id, "keep": list(keep)})


async def release_posts(connection: Connection, status_ids: Collection[int]) -> None:
    """Unbind uploads from posts that are gone."""
    await change(connection, _SQL["release_posts"], {"ids": list(status_ids)})


async def abandon(connection: Connection, account_ids: Collection[int]) -> None:
    """Let go of all that accounts which are gone have uploaded."""
    await change(connection, _SQL["abandon"], {"ids": list(account_ids)})


async def unattached(connection: Connection, before: datetime, limit: int) -> list[Media]:
    """Return and lock uploads that no post has held since a time."""
    return await several(connection, _SQL["unattached"], {"before": before, "limit": limit}, Media)


async def old_copies(connection: Connection, before: datetime, limit: int) -> list[Media]:
    """Return and lock copies of remote files that were made before a time."""
    return await several(connection, _SQL["old_copies"], {"before": before, "limit": limit}, Media)


async def copies_of(connection: Connection, urls: Collection[str]) -> list[Media]:
    """Return and lock our copies of remote files."""
    return await several(connection, _SQL["copies_of"], {"urls": list(urls)}, Media)


async def remove(connection: Connection, media_ids: Collection[int]) -> None:
    """Forget files whose bytes are gone."""
    await change(connection, _SQL["remove"], {"ids": list(media_ids)})


async def usage(connection: Connection) -> list[Usage]:
    """Return how much is kept, by purpose."""
    return await several(connection, _SQL["usage"], {}, Usage)


async def discard(connection: Connection, media_id: int, *, account_id: int) -> Media | None:
    """Delete an upload's row unless a post holds it; return what was deleted, so that its bytes can go too."""
    return await one(connection, _SQL["discard"], {"id": media_id, "account_id": account_id}, Media)


async def discard_all(connection: Connection, account_id: int) -> list[Media]:
    """Delete the rows of all files of an account; return them, so that their bytes can go too."""
    return await several(connection, _SQL["discard_all"], {"account_id": account_id}, Media)


def _values(media: Media) -> dict[str, object]:
    return {**msgspec.structs.asdict(media), "meta": Jsonb(dict(media.meta))}
