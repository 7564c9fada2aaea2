"""Other servers are told how local polls stand: by an Update of their posts that edits nothing."""

import msgspec

from fedi.activitypub.vocabulary import rendering
from fedi.effects.deps import Deps
from fedi.effects.jobs.doing import does
from fedi.effects.tallies import TellTally
from fedi.events import identity
from fedi.events.activities import ActivityPublished
from fedi.log.drafts import Draft
from fedi.views import tallies


@does(TellTally)
async def tell(job: TellTally, deps: Deps) -> None:
    """Say how a poll stands, unless it keeps its numbers back until its end."""
    async with deps.pool.connection() as connection:
        tally = await tallies.of_local_poll(connection, job.status_id)
    now = deps.means.clock()
    if tally is None:
        return
    ended = tally.expires_at if tally.expires_at is not None and tally.expires_at <= now else None
    if tally.hide_totals and ended is None:
        return
    document = msgspec.json.decode(tally.document)
    document.pop("@context", None)
    update = rendering.update(rendering.tallied(document, tally.votes, tally.voters, ended), now)
    event = ActivityPublished(
        document=msgspec.Raw(msgspec.json.encode(update)), account_id=tally.account_id, hide_totals=tally.hide_totals
    )
    await deps.means.appender.append([Draft(identity=identity.of_published(update["id"]), event=event)])
