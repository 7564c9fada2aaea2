"""Our copy of a page's picture, made when the page is looked at: its size and blurhash belong to the card."""

import secrets

import msgspec

from fedi.activitypub.vocabulary import uris
from fedi.effects.deps import Deps
from fedi.effects.previews.asking import HostBusy, polite
from fedi.errors import ClientError, PeerError
from fedi.registry import media
from fedi.registry.media import Media
from fedi.services.http import MEDIA_SECONDS
from fedi.services.media import pictures
from fedi.services.storage import MEDIA_TYPES

MAX_BYTES = 8 * 1024 * 1024


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture of which we have a copy."""

    url: str
    width: int
    height: int
    blurhash: str


async def copied(deps: Deps, url: str) -> Picture | None:
    """Return a page's picture once there is a copy of it; None if it cannot be had. Raises `HostBusy`."""
    try:
        source = uris.parse(url, fragment=True).document
        border = await deps.means.borders.now()
        async with polite(deps, source.host, border.guard_media) as guard:
            answer = await deps.http.fetch(
                source, accept="image/*", limit=MAX_BYTES, deadline=MEDIA_SECONDS, sign=guard
            )
        if not answer.ok:
            return None
        made = await deps.workshop.run(pictures.process, answer.body)
    except HostBusy:
        raise
    except (PeerError, ClientError):
        return None
    now = deps.means.clock()
    media_id = deps.means.appender.allot(now)
    original = made.original
    row = Media(
        id=media_id,
        account_id=None,
        purpose="remote",
        kind="image",
        state="ready",
        mime=MEDIA_TYPES[original.ending],
        size=len(original.data),
        storage_key=f"remote/{media_id}/{secrets.token_hex(8)}.{original.ending}",
        blurhash=made.blurhash,
        remote_url=url,
        created_at=now,
    )
    assert row.storage_key is not None
    await deps.storage.put(row.storage_key, original.data)
    async with deps.pool.connection() as connection:
        stored = await media.add_remote(connection, row)
    if stored.id != row.id:  # another process, or somebody who looked at it before, has a copy already
        await deps.storage.delete(row.storage_key)
    return Picture(url=url, width=original.width, height=original.height, blurhash=made.blurhash)
