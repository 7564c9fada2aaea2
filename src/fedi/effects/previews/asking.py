"""How often one host is asked for what posts link, by all processes: strangers' posts must not make us flood anybody.

Every question counts for the host it goes to: also where a redirect leads, the oEmbed, the picture, and where the
author of a page is looked for. Otherwise a thousand pages of one host could ask another a thousand times.
"""

import contextlib
from collections.abc import AsyncIterator, Mapping
from datetime import datetime

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from fedi.activitypub.vocabulary.uris import Uri
from fedi.effects.deps import Deps
from fedi.errors import PeerError
from fedi.services.http import Signer
from fedi.sql import queries

_SQL = queries(__file__)
PER_HOST = 60
"""Questions in a minute."""


class HostBusy(PeerError):
    """This host was asked often enough for now."""

    reason = "host_asked_often"


@contextlib.asynccontextmanager
async def polite(deps: Deps, first: str, guard: Signer) -> AsyncIterator[Signer]:
    """Yield a guard for questions that begin at the host `first`, which besides does what `guard` does.

    Raises `HostBusy`, and so does the yielded guard, of a host that was asked often enough.
    """
    async with deps.pool.connection() as connection:
        now = deps.means.clock()
        full = {str(row[0]) for row in await _rows(connection, now)}
        if first in full:
            raise HostBusy
        await connection.execute(_SQL["asked"], {"hosts": [first], "now": now})
    asked: list[str] = []

    def check(url: Uri) -> Mapping[str, str]:
        if url.host in full:
            raise HostBusy
        asked.append(url.host)
        return guard(url)

    try:
        yield check
    finally:
        if others := asked[1:]:
            async with deps.pool.connection() as connection:
                await connection.execute(_SQL["asked"], {"hosts": others, "now": deps.means.clock()})


async def forget(connection: AsyncConnection[TupleRow], before: datetime) -> None:
    """Forget which hosts were asked before a moment."""
    await connection.execute(_SQL["forget"], {"before": before})


async def _rows(connection: AsyncConnection[TupleRow], now: datetime) -> list[TupleRow]:
    cursor = await connection.execute(_SQL["full"], {"now": now, "most": PER_HOST})
    return await cursor.fetchall()
