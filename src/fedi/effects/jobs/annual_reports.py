"""Counts somebody's year, and tells them."""

import contextlib

import msgspec

from fedi.effects.deps import Deps
from fedi.effects.jobs.doing import does
from fedi.events import identity
from fedi.events.notifications import AnnualReportFinished
from fedi.log.drafts import Conflict, Draft
from fedi.registry import annual_reports as registry
from fedi.services.annual_reports import MakeAnnualReport
from fedi.views import annual_reports


@does(MakeAnnualReport)
async def make(job: MakeAnnualReport, deps: Deps) -> None:
    """Count, and keep what was counted; a report that is there stays as it is, and is no news."""
    async with deps.pool.connection() as connection:
        year = await annual_reports.count(connection, job.account_id, job.year)
        await registry.keep(connection, job.account_id, job.year, msgspec.json.encode(year))
    event = AnnualReportFinished(account_id=job.account_id, year=job.year)
    own = identity.of_due(f"annual report {job.year}", job.account_id)
    with contextlib.suppress(Conflict):
        await deps.means.appender.append([Draft(identity=own, event=event)])
