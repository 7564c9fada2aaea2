"""Pages that posts share are looked at, once a day at most, and what they say is believed for two weeks.

What no post shares any more is forgotten: the address of a page may be all that somebody wrote.
"""

import logging
import random
from datetime import timedelta

from fedi.effects.deps import Deps
from fedi.effects.jobs.doing import does, every
from fedi.effects.preview import KEPT, LookAtPage, key, once
from fedi.effects.previews import asking
from fedi.effects.previews.asking import HostBusy
from fedi.effects.previews.looking import look
from fedi.errors import PeerError
from fedi.events import identity
from fedi.events.links import LinkForgotten
from fedi.log.drafts import Draft
from fedi.sql import queries
from fedi.views import cards

_SQL = queries(__file__)
PATIENCE = timedelta(days=1)
AT_ONCE = 500
"""Pages that are forgotten in one unit."""
_log = logging.getLogger(__name__)


@does(LookAtPage)
async def look_at_page(job: LookAtPage, deps: Deps) -> None:
    """Look at a page and say what was seen, unless somebody was quicker or it was asked lately."""
    now = deps.means.clock()
    page = {"key": key(job.url), "now": now, "before": now - PATIENCE}
    async with deps.pool.connection() as connection:
        if await cards.seen_since(connection, [job.url], now - KEPT):
            return
        if (await connection.execute(_SQL["ask"], page)).rowcount == 0:
            return
    try:
        seen = await look(deps, job.url)
    except HostBusy:
        await _put_off(job, deps)
        return
    except PeerError as error:
        _log.info("%s was not looked at: %s", job.url, error.reason)
        return
    if seen is not None:
        await deps.means.appender.append([Draft(identity=identity.fresh(deps.means.clock()), event=seen)])


async def _put_off(job: LookAtPage, deps: Deps) -> None:
    """Look again in a while, as if the page had not been asked for."""
    pause = timedelta(seconds=random.uniform(60, 600))
    async with deps.pool.connection() as connection:
        await connection.execute(_SQL["forget_pages"], {"keys": [key(job.url)]})
        await deps.jobs.put(job, connection=connection, at=deps.means.clock() + pause, once=once(job.url))


@every("17 * * * *")
async def forget(deps: Deps) -> None:
    """Forget which pages and hosts were asked longer ago than it matters."""
    before = deps.means.clock() - PATIENCE
    async with deps.pool.connection() as connection:
        await connection.execute(_SQL["forget"], {"before": before})
        await asking.forget(connection, before)


@every("*/10 * * * *")
async def forget_unshared(deps: Deps) -> None:
    """Say that pages are shared by no post any more; erasure takes their words. They may be asked for again at once."""
    async with deps.pool.connection() as connection:
        pages = await cards.unshared(connection, AT_ONCE)
        await connection.execute(_SQL["forget_pages"], {"keys": [key(page.url) for page in pages]})
    if pages:
        now = deps.means.clock()
        said = [Draft(identity=identity.fresh(now), event=LinkForgotten(key=page.key)) for page in pages]
        await deps.means.appender.append(said)
