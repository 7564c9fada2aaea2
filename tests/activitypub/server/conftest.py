"""The edge of a server of our own, and a server elsewhere that knocks at it."""

from collections.abc import AsyncIterator

import msgspec
import pytest

from fedi.activitypub.resolve import Means
from fedi.activitypub.resolve.quotas import Once
from fedi.activitypub.server.edge import Edge, open_edge
from fedi.activitypub.server.signers import ResolvedKeys, Signers
from fedi.services.jobs import Jobs
from fedi.settings import Settings
from fedi.views.borders import Borders
from fedi.views.progress import Progress
from tests.support.here import SITE, Here, running


class Ticks:
    """A clock of seconds that a test moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
async def here(database_url: str) -> AsyncIterator[Here]:
    """A server with a log of its own module and empty views."""
    async with running(database_url) as server:
        server.fold()
        yield server


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
async def edge(here: Here, ticks: Ticks) -> Edge:
    jobs = Jobs(here.pool)
    await jobs.open()
    means = Means(
        knocker=here.means.knocker,
        appender=here.appender,
        pool=here.pool,
        site=SITE,
        borders=Borders(here.pool, own=frozenset({SITE.domain}), ticks=ticks),
        keys=Once(ticks),
    )
    return msgspec.structs.replace(
        open_edge(means, Settings(), jobs, Progress("")), signers=Signers(ResolvedKeys(means), ticks)
    )
