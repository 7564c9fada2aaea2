"""Uploads as commands get them, and the work that waits for them."""

import tempfile
from pathlib import Path

import msgspec

from fedi.api.deps import Deps
from fedi.commands import media
from fedi.commands.media import Wish
from fedi.effects.jobs import films, uploads
from fedi.effects.jobs.doing import Doer
from fedi.registry.media import Media
from fedi.services.http import open_client
from fedi.services.jobs import kind_of
from fedi.services.storage import Storage
from fedi.views.targets import AccountRef
from tests.support.acting import deps_beside

_WAITING = "DELETE FROM procrastinate_jobs WHERE task_name = %s RETURNING args -> 'job'"


async def uploaded(server: Deps, owner: AccountRef, data: bytes, wish: Wish | None = None) -> Media:
    """Upload bytes in somebody's name."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        return await media.upload(server.commands, owner, Path(file.name), wish or Wish())


async def process_waiting(server: Deps, storage: Storage | None = None) -> int:
    """Do the jobs of uploads that wait, as a worker would; return how many."""
    return await _process(server, storage, uploads.process)


async def copy_waiting(server: Deps) -> int:
    """Do the jobs that fetch remote films, as a worker would; return how many."""
    return await _process(server, None, films.copy)


async def _process(server: Deps, storage: Storage | None, doer: Doer) -> int:
    name = kind_of(doer.kind).name
    http = open_client(private=server.settings.allowed_private_addresses, user_agent="fedi tests")
    try:
        deps = await deps_beside(server, http, storage=storage)
        async with server.pool.connection() as connection:
            waiting = await (await connection.execute(_WAITING, [name])).fetchall()
        for (job,) in waiting:
            await doer.do(msgspec.convert(job, doer.kind), deps)
    finally:
        await http.close()
    return len(waiting)
