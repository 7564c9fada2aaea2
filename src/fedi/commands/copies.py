"""Copies of remote pictures, made when somebody first looks: people never ask another server, we do.

What comes is encoded anew like an upload, so nothing but a picture is ever shown, whatever the other server calls it.
"""

import asyncio
import secrets
from collections.abc import Callable
from datetime import timedelta

from fedi.activitypub.vocabulary import uris
from fedi.commands.context import Context
from fedi.errors import ClientError, PeerError
from fedi.registry import media
from fedi.registry.media import Media
from fedi.services import pictures
from fedi.services.http import MEDIA_SECONDS, HttpClient
from fedi.services.pictures import Encoded
from fedi.services.storage import MEDIA_TYPES
from fedi.site import RemoteMedia

PATIENCE = timedelta(hours=1)
"""How long a picture that could not be fetched is not asked for again."""


class Copies:
    """Makes copies, each once at a time in this process; not shared between event loops."""

    def __init__(self, context: Context, http: HttpClient) -> None:
        self._context = context
        self._http = http
        self._making: dict[str, asyncio.Task[Media]] = {}

    async def of(self, kind: RemoteMedia, url: str) -> Media | None:
        """Return our copy of a remote picture, made if there is none; None if it cannot be had at the moment."""
        async with self._context.pool.connection() as connection:
            known = await media.by_remote_url(connection, url)
        if known is None or (known.state == "failed" and self._context.clock() - known.created_at > PATIENCE):
            known = await self._once(kind, url, known)
        return known if known.state == "ready" else None

    async def _once(self, kind: RemoteMedia, url: str, failed: Media | None) -> Media:
        """One fetch serves all who ask meanwhile, and goes on if the one who asked first goes away."""
        task = self._making.get(url)
        if task is None:
            task = asyncio.create_task(self._make(kind, url, failed))
            self._making[url] = task
            task.add_done_callback(lambda _: self._making.pop(url, None))
        return await asyncio.shield(task)

    async def _make(self, kind: RemoteMedia, url: str, failed: Media | None) -> Media:
        made = await self._fetched(kind, url)
        media_id = failed.id if failed else self._context.appender.allot(self._context.clock())
        row = Media(
            id=media_id,
            account_id=None,
            purpose="remote",
            kind="image" if made else "unknown",
            state="ready" if made else "failed",
            mime=MEDIA_TYPES[made.ending] if made else "application/octet-stream",
            size=len(made.data) if made else 0,
            storage_key=f"remote/{media_id}/{secrets.token_hex(8)}.{made.ending}" if made else None,
            remote_url=url,
            created_at=self._context.clock(),
        )
        if made and row.storage_key:
            await self._context.storage.put(row.storage_key, made.data)
        async with self._context.pool.connection() as connection:
            if failed is not None:
                await media.finish(connection, row)
                return row
            stored = await media.add_remote(connection, row)
        if stored.id != row.id and row.storage_key:
            await self._context.storage.delete(row.storage_key)
        return stored

    async def _fetched(self, kind: RemoteMedia, url: str) -> Encoded | None:
        try:
            answer = await self._http.fetch(
                uris.parse(url), accept="image/*", limit=pictures.MAX_BYTES, deadline=MEDIA_SECONDS
            )
            if not answer.ok:
                return None
            return await self._context.workshop.run(_WORK[kind], answer.body)
        except (PeerError, ClientError):
            return None


def _as_it_is(data: bytes) -> Encoded:
    return pictures.process(data).original


_WORK: dict[RemoteMedia, Callable[[bytes], Encoded]] = {
    "avatars": pictures.avatar,
    "headers": pictures.header,
    "attachments": _as_it_is,
    "previews": _as_it_is,
    "account_emojis": _as_it_is,
    "status_emojis": _as_it_is,
    "cards": _as_it_is,
}
