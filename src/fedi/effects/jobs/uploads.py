"""Uploaded films, sound and animations are written anew; what came is thrown away."""

import asyncio
import secrets
import tempfile
from pathlib import Path

import msgspec

from fedi.effects.deps import Deps
from fedi.effects.jobs.doing import does
from fedi.errors import ClientError
from fedi.registry import media
from fedi.registry.media import Media
from fedi.services.media import sandbox
from fedi.services.media.made import Made
from fedi.services.storage import MEDIA_TYPES, Storage
from fedi.services.uploads import ProcessUpload


@does(ProcessUpload)
async def process(job: ProcessUpload, deps: Deps) -> None:
    """Write one upload anew. What cannot be read is marked so, and its bytes go too."""
    async with deps.pool.connection() as connection:
        row = await media.by_id(connection, job.media_id)
    if row is None or row.state != "processing" or row.storage_key is None:
        return
    with tempfile.TemporaryDirectory(prefix="fedi-") as name:
        folder = Path(name)
        done = await _made(deps.storage, row, row.storage_key, job, folder)
    async with deps.pool.connection() as connection:
        stored = await media.processed(connection, done)
    await deps.storage.delete(row.storage_key)
    if stored is None or stored.preview_key != done.preview_key:
        await _forget(deps.storage, done.preview_key)
    if stored is None:
        await _forget(deps.storage, done.storage_key)


async def _made(storage: Storage, row: Media, incoming: str, job: ProcessUpload, folder: Path) -> Media:
    source = folder / "source"
    try:
        if not await storage.fetch(incoming, source):
            raise ClientError("the file is gone")
        made = await sandbox.converted(source, job.container, folder)
    except ClientError:
        return msgspec.structs.replace(row, state="failed", storage_key=None, preview_key=None)
    return await kept(storage, row, made, folder, "attachments")


async def kept(storage: Storage, row: Media, made: Made, folder: Path, place: str) -> Media:
    """Keep what was made in a folder, under keys of its own below a place; return the row as it is then."""
    place = f"{place}/{row.id}/{secrets.token_hex(8)}"
    ending = made.original.rpartition(".")[2]
    original, small = f"{place}.{ending}", None
    await storage.put_file(original, folder / made.original)
    if made.small is not None:
        small = f"{place}-small.{made.small.rpartition('.')[2]}"
        await storage.put_file(small, folder / made.small)
    size = (await asyncio.to_thread((folder / made.original).stat)).st_size
    return msgspec.structs.replace(
        row,
        state="ready",
        kind=made.kind,
        mime=MEDIA_TYPES[ending],
        size=size,
        storage_key=original,
        preview_key=small,
        meta=made.meta,
        blurhash=made.blurhash,
    )


async def _forget(storage: Storage, key: str | None) -> None:
    if key:
        await storage.delete(key)
