"""Counts somebody's year."""

import msgspec

from fedi.effects.deps import Deps
from fedi.effects.jobs.doing import does
from fedi.registry import annual_reports as registry
from fedi.services.annual_reports import MakeAnnualReport
from fedi.views import annual_reports


@does(MakeAnnualReport)
async def make(job: MakeAnnualReport, deps: Deps) -> None:
    """Count, and keep what was counted; a report that is there stays as it is."""
    async with deps.pool.connection() as connection:
        year = await annual_reports.count(connection, job.account_id, job.year)
        await registry.keep(connection, job.account_id, job.year, msgspec.json.encode(year))
