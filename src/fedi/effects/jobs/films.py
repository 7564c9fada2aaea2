"""Copies of other servers' films and sound are fetched and written anew, as uploads are."""

import asyncio
import logging
import tempfile
from pathlib import Path

import msgspec

from fedi.activitypub.vocabulary import uris
from fedi.effects.deps import Deps
from fedi.effects.jobs.doing import does
from fedi.effects.jobs.uploads import kept
from fedi.errors import ClientError, PeerError
from fedi.registry import media
from fedi.registry.media import CLOSED, Media
from fedi.services.media import sandbox, sniffing
from fedi.services.media.film_limits import MAX_FILM_BYTES
from fedi.services.uploads import CopyFilm
from fedi.views.borders import Closed

DOWNLOAD_SECONDS = 120.0
ENCODE_SECONDS = 300.0
"""For a stranger's film: who shares one that takes longer is linked to, not served."""
_log = logging.getLogger(__name__)


@does(CopyFilm)
async def copy(job: CopyFilm, deps: Deps) -> None:
    """Make the copy. What cannot be had or read is marked so, and not asked for again for a while."""
    async with deps.pool.connection() as connection:
        row = await media.by_id(connection, job.media_id)
    if row is None or row.state != "processing" or row.remote_url != job.url:
        return
    with tempfile.TemporaryDirectory(prefix="fedi-") as name:
        done = await _made(deps, row, job.url, Path(name))
    async with deps.pool.connection() as connection:
        await media.finish(connection, msgspec.structs.replace(done, created_at=deps.means.clock()))


async def _made(deps: Deps, row: Media, url: str, folder: Path) -> Media:
    source = folder / "source"
    try:
        await _download(deps, url, source)
        container = sniffing.film(await asyncio.to_thread(_head, source))
        if container is None:
            raise ClientError("it is neither film nor sound")
        made = await sandbox.converted(source, container, folder, seconds=ENCODE_SECONDS)
    except (PeerError, ClientError) as error:
        _log.info("no copy of %s: %s", url, error)
        return msgspec.structs.replace(row, state="failed", meta={CLOSED: True} if isinstance(error, Closed) else {})
    return await kept(deps.storage, row, made, folder, "remote")


async def _download(deps: Deps, url: str, target: Path) -> None:
    border = await deps.means.borders.now()
    answer = await deps.http.download(
        uris.parse(url),
        target,
        accept="video/*, audio/*",
        sign=border.guard_media,
        limit=MAX_FILM_BYTES,
        deadline=DOWNLOAD_SECONDS,
    )
    if not answer.ok:
        raise PeerError(f"it answers with {answer.status}")


def _head(source: Path) -> bytes:
    with source.open("rb") as file:
        return file.read(sniffing.HEAD)
