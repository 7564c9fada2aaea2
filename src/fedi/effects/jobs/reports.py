"""Passes a report on to another server, in the name of this server: who reported stays unknown there."""

import msgspec

from fedi.activitypub.vocabulary import rendering, uris
from fedi.effects.deps import Deps
from fedi.effects.jobs.doing import does
from fedi.errors import FediError
from fedi.services.http import AddressRefused
from fedi.services.reports import ForwardReport
from fedi.views import reports


class NotTaken(FediError):
    """The other server did not take the report."""


@does(ForwardReport)
async def forward(job: ForwardReport, deps: Deps) -> None:
    """Send a Flag unless the report is gone by now. Raises NotTaken, and Unreachable."""
    async with deps.pool.connection() as connection:
        report = (await reports.load(connection, [job.report_id])).get(job.report_id)
        objects = await reports.objects(connection, report) if report is not None else []
    if report is None or not objects:
        return
    document = rendering.flag(deps.means.site.instance_actor, objects, report.comment, report.id)
    try:
        answer = await deps.means.knocker.post(uris.parse(job.inbox), msgspec.json.encode(document))
    except (AddressRefused, uris.InvalidUriError):
        return
    if answer.status >= 500 or answer.status in {401, 408, 429}:
        raise NotTaken(f"{job.inbox} answers {answer.status}")
