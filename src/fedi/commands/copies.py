"""Copies of remote files, made when somebody first looks: people never ask another server, we do.

What comes is encoded anew like an upload, so nothing but a picture, film or sound is ever shown, whatever the other
server calls it. A picture is made at once; films and sound, which take long, by a job.
"""

import asyncio
import secrets
from collections.abc import Callable
from datetime import timedelta

import msgspec

from fedi.activitypub.vocabulary import uris
from fedi.commands.context import Context
from fedi.errors import ClientError, PeerError
from fedi.registry import media
from fedi.registry.media import Media
from fedi.services.http import MEDIA_SECONDS, HttpClient
from fedi.services.media import pictures
from fedi.services.media.pictures import Encoded
from fedi.services.storage import MEDIA_TYPES
from fedi.services.uploads import CopyFilm, lane
from fedi.site import RemoteMedia, is_gif
from fedi.views.borders import Borders

PATIENCE = timedelta(hours=1)
"""How long a picture that could not be fetched is not asked for again."""
ABANDONED = timedelta(seconds=MEDIA_SECONDS + 30)
"""After that a process that was fetching a picture is taken to have died."""
FILM_ABANDONED = timedelta(minutes=15)
"""The same for a film, which may wait for others before its turn comes."""
LOOK_SECONDS = 0.2
FILM_SECONDS = 20.0
"""How long one who looks is kept waiting for a film; the next look finds it further."""


class Copies:
    """Makes copies, each once at a time whatever processes are asked for it; not shared between event loops."""

    def __init__(self, context: Context, http: HttpClient, borders: Borders) -> None:
        self._context = context
        self._http = http
        self._borders = borders
        self._making: dict[str, asyncio.Task[Media | None]] = {}

    async def of(self, kind: RemoteMedia, url: str) -> Media | None:
        """Return our copy of a remote picture, made if there is none; None if it cannot be had at the moment."""
        known = await self.known(url)
        if known is None or known.state != "ready":
            known = await self._once(kind, url)
        return known if known is not None and known.state == "ready" else None

    async def of_film(self, url: str) -> Media | None:
        """Have a copy of a remote film or sound made unless there is one, and return it: perhaps still "processing"."""
        await self._have_made(url)
        return await self._settled(url, FILM_SECONDS)

    async def allowed(self, url: str) -> bool:
        """Tell whether files may come from there, as the operator decided."""
        border = await self._borders.now()
        try:
            border.guard_media(uris.parse(url))
        except PeerError:
            return False
        return True

    async def _have_made(self, url: str) -> None:
        now = self._context.clock()
        async with self._context.pool.connection() as connection, connection.transaction():
            media_id = self._context.appender.allot(now)
            claimed = await media.claim_remote(
                connection, media_id, url, now=now, failed=now - PATIENCE, stale=now - FILM_ABANDONED
            )
            if claimed is not None:
                wanted = CopyFilm(media_id=claimed.id, url=url)
                await self._context.jobs.put(wanted, connection=connection, lane=lane(claimed.id))

    async def _once(self, kind: RemoteMedia, url: str) -> Media | None:
        """One fetch serves all who ask meanwhile, and goes on if the one who asked first goes away."""
        task = self._making.get(url)
        if task is None:
            task = asyncio.create_task(self._make(kind, url))
            self._making[url] = task
            task.add_done_callback(lambda _: self._making.pop(url, None))
        return await asyncio.shield(task)

    async def _make(self, kind: RemoteMedia, url: str) -> Media | None:
        """Fetch a picture, unless it failed lately or another process is about it: then wait for that one."""
        now = self._context.clock()
        async with self._context.pool.connection() as connection:
            media_id = self._context.appender.allot(now)
            claimed = await media.claim_remote(
                connection, media_id, url, now=now, failed=now - PATIENCE, stale=now - ABANDONED
            )
        return (
            await self._settled(url, ABANDONED.total_seconds())
            if claimed is None
            else await self._fill(kind, url, claimed)
        )

    async def _settled(self, url: str, seconds: float) -> Media | None:
        """Return the row once nobody is about it any more, or as it is after some seconds."""
        known = await self.known(url)
        for _ in range(int(seconds / LOOK_SECONDS)):
            if known is None or known.state != "processing":
                break
            await asyncio.sleep(LOOK_SECONDS)
            known = await self.known(url)
        return known

    async def _fill(self, kind: RemoteMedia, url: str, claimed: Media) -> Media:
        made = await self._fetched(kind, url)
        place = f"remote/{claimed.id}/{secrets.token_hex(8)}"
        key = f"{place}.{made.ending}" if made else None
        still = made.still if made else None
        still_key = f"{place}-static.{still.ending}" if still else None
        row = msgspec.structs.replace(
            claimed,
            kind="image" if made else "unknown",
            state="ready" if made else "failed",
            mime=MEDIA_TYPES[made.ending] if made else "application/octet-stream",
            size=len(made.data) if made else 0,
            storage_key=key,
            preview_key=still_key,
            created_at=self._context.clock(),
        )
        if made and key:
            await self._context.storage.put(key, made.data)
        if still and still_key:
            await self._context.storage.put(still_key, still.data)
        async with self._context.pool.connection() as connection:
            await media.finish(connection, row)
        return row

    async def whole(self, copy: Media, key: str) -> bool:
        """Tell whether the file of a copy is where it was put, as far as we can see; if not, the next look fetches it.

        A disk that was lost and a folder that was restored from a backup lack files of which the database knows.
        """
        path = self._context.storage.path(key)
        if path is None or await asyncio.to_thread(path.is_file):
            return True
        async with self._context.pool.connection() as connection:
            await media.lose(connection, copy)
        return False

    async def known(self, url: str) -> Media | None:
        """Return what there is of a copy."""
        async with self._context.pool.connection() as connection:
            return await media.by_remote_url(connection, url)

    async def _fetched(self, kind: RemoteMedia, url: str) -> Encoded | None:
        try:
            border = await self._borders.now()
            answer = await self._http.fetch(
                uris.parse(url),
                accept="image/*",
                limit=pictures.MAX_BYTES,
                deadline=MEDIA_SECONDS,
                sign=border.guard_media,
            )
            if not answer.ok:
                return None
            made = await self._context.workshop.run(_WORK[kind], answer.body)
            return made if made.still is None or is_gif(url) else made.still
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
