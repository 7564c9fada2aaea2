"""Lists that people brought along are carried out, some lines at a time."""

from datetime import timedelta

from fedi.effects.deps import Deps
from fedi.effects.jobs.doing import does, every
from fedi.registry import imports
from fedi.services.imports import ImportSome

KEPT = timedelta(days=7)
"""How long it can be looked up what became of an import."""


@does(ImportSome)
async def carry_on(job: ImportSome, deps: Deps) -> None:
    """Carry out the next lines, and wait for another turn with the rest: other jobs get theirs in between."""
    if await deps.import_some(job.import_id):
        await deps.jobs.put(job, lane=job.lane)


@every("41 3 * * *")
async def forget(deps: Deps) -> None:
    """Forget imports of last week, with the names in them."""
    async with deps.pool.connection() as connection:
        await imports.forget(connection, deps.means.clock() - KEPT)
