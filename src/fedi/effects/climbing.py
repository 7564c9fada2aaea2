"""Climbs a thread in the place of the queue of fetches, so that what a post answers is asked for once, not by both."""

from fedi.activitypub.resolve import Fetched, Means, fetch_post
from fedi.activitypub.vocabulary import uris
from fedi.errors import PeerError
from fedi.services.http import Unreachable
from fedi.sql import queries

_SQL = queries(__file__)


async def climb(means: Means, uri: str) -> Fetched:
    """Fetch what a known post answers, while the queue leaves it alone; raises as `fetch_post` does.

    Where nobody can be reached the queue tries again later, if it wanted to.
    """
    row = {"uri": uri, "host": uris.parse(uri).authority}
    async with means.pool.connection() as connection:
        await connection.execute(_SQL["take"], row)
    try:
        found = await fetch_post(means, uri)
    except Unreachable:
        raise
    except PeerError:
        await _finish(means, uri)
        raise
    await _finish(means, uri)
    return found


async def _finish(means: Means, uri: str) -> None:
    async with means.pool.connection() as connection:
        await connection.execute(_SQL["finish"], {"uri": uri})
