"""Completes a thread that somebody opened. Whether much, little or nothing is found: it has an end, and says so."""

import logging

from fedi.activitypub.resolve import fetch_replies
from fedi.effects.climbing import climb
from fedi.effects.deps import Deps
from fedi.effects.jobs.doing import does
from fedi.registry import refreshes
from fedi.services.threads import FetchReplies
from fedi.views import threads

STARTS = 40
"""Known posts of a thread that are looked at for what hangs on them."""
_log = logging.getLogger(__name__)


@does(FetchReplies)
async def fetch(job: FetchReplies, deps: Deps) -> None:
    """Fetch what is missing above and below, as far as that may go."""
    async with deps.pool.connection() as connection:
        starts = await threads.said_elsewhere(connection, job.status_id, STARTS)
    number = 0
    try:
        async for _ in fetch_replies(deps.means, starts, climb):
            number += 1
            async with deps.pool.connection() as connection:
                await refreshes.found(connection, job.thread_id, number)
    finally:
        async with deps.pool.connection() as connection:
            await refreshes.finish(connection, job.thread_id, deps.means.clock())
        _log.log(
            logging.INFO if number else logging.DEBUG,
            "%d posts were found of the thread that %s is of",
            number,
            starts[:1],
        )
