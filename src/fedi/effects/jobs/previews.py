"""Pages that posts share are looked at, once a day at most, and what they say is believed for two weeks."""

import logging
from datetime import timedelta

from fedi.effects.deps import Deps
from fedi.effects.jobs.doing import does, every
from fedi.effects.preview import KEPT, LookAtPage, key
from fedi.effects.previews.looking import look
from fedi.errors import PeerError
from fedi.events import identity
from fedi.log.drafts import Draft
from fedi.sql import queries
from fedi.views import cards

_SQL = queries(__file__)
PATIENCE = timedelta(days=1)
_log = logging.getLogger(__name__)


@does(LookAtPage)
async def look_at_page(job: LookAtPage, deps: Deps) -> None:
    """Look at a page and say what was seen, unless somebody was quicker or it was asked lately."""
    now = deps.means.clock()
    async with deps.pool.connection() as connection:
        if await cards.seen_since(connection, [job.url], now - KEPT):
            return
        asked = {"key": key(job.url), "now": now, "before": now - PATIENCE}
        if (await connection.execute(_SQL["ask"], asked)).rowcount == 0:
            return
    try:
        seen = await look(deps, job.url)
    except PeerError as error:
        _log.info("%s was not looked at: %s", job.url, error.reason)
        return
    if seen is not None:
        await deps.means.appender.append([Draft(identity=identity.fresh(deps.means.clock()), event=seen)])


@every("17 * * * *")
async def forget(deps: Deps) -> None:
    """Forget which pages were asked for longer ago than it matters."""
    async with deps.pool.connection() as connection:
        await connection.execute(_SQL["forget"], {"before": deps.means.clock() - PATIENCE})
