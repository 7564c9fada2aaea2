"""Uploads as commands get them, and the work that waits for them."""

import tempfile
from pathlib import Path

import msgspec

from fedi.api.deps import Deps
from fedi.commands import media
from fedi.commands.media import Wish
from fedi.effects.jobs import uploads
from fedi.registry.media import Media
from fedi.services.http import open_client
from fedi.services.storage import Storage
from fedi.services.uploads import ProcessUpload
from fedi.views.targets import AccountRef
from tests.support.acting import deps_beside

_WAITING = "DELETE FROM procrastinate_jobs WHERE task_name = 'media.process' RETURNING args -> 'job'"


async def uploaded(server: Deps, owner: AccountRef, data: bytes, wish: Wish | None = None) -> Media:
    """Upload bytes in somebody's name."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        return await media.upload(server.commands, owner, Path(file.name), wish or Wish())


async def process_waiting(server: Deps, storage: Storage | None = None) -> int:
    """Do the jobs of uploads that wait, as a worker would; return how many."""
    http = open_client(private=server.settings.allowed_private_addresses, user_agent="fedi tests")
    try:
        deps = await deps_beside(server, http, storage=storage)
        async with server.pool.connection() as connection:
            waiting = await (await connection.execute(_WAITING)).fetchall()
        for (job,) in waiting:
            await uploads.process.do(msgspec.convert(job, ProcessUpload), deps)
    finally:
        await http.close()
    return len(waiting)
