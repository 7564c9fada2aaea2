"""Completes a thread that somebody opened. Whether much, little or nothing is found: it has an end, and says so."""

import logging

from fedi.activitypub.resolve import fetch_replies
from fedi.effects.deps import Deps
from fedi.effects.jobs.doing import does
from fedi.registry import refreshes
from fedi.services.threads import FetchReplies
from fedi.views import threads

_log = logging.getLogger(__name__)


@does(FetchReplies)
async def fetch(job: FetchReplies, deps: Deps) -> None:
    """Fetch the answers to a post, and the answers to those, as far as that may go."""
    async with deps.pool.connection() as connection:
        uri = await threads.uri_elsewhere(connection, job.status_id)
    number = 0
    try:
        if uri is not None:
            async for _ in fetch_replies(deps.means, uri):
                number += 1
                async with deps.pool.connection() as connection:
                    await refreshes.found(connection, job.status_id, number)
    finally:
        async with deps.pool.connection() as connection:
            await refreshes.finish(connection, job.status_id, deps.means.clock())
        _log.info("%d answers to %s were found", number, uri)
