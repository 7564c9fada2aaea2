"""Two servers of this program, and people on each; and a fake fediverse to deliver to."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.support import servers
from tests.support.delivering import Delivering, delivering
from tests.support.fediverse import Fediverse, fediverse
from tests.support.whole import Server, server


@pytest.fixture(scope="module")
def here(admin_url: str) -> Iterator[Server]:
    with server(admin_url, ("ann", "cora")) as started:
        yield started


@pytest.fixture(scope="module")
def there(admin_url: str) -> Iterator[Server]:
    with server(admin_url, ("bob",)) as started:
        yield started


@pytest.fixture(scope="module")
def everywhere() -> Iterator[Fediverse]:
    with fediverse() as found:
        yield found


@pytest.fixture
async def post(admin_url: str, everywhere: Fediverse) -> AsyncIterator[Delivering]:
    """A server that delivers into the fake fediverse, under a clock of the test's."""
    with servers.fresh_database(admin_url) as url:
        async with delivering(url, everywhere) as found:
            yield found
