"""A server of this program with people on it, what it deals with elsewhere, and a fake fediverse to deliver to."""

from collections.abc import AsyncIterator, Iterator

import pytest
from mastodon import Mastodon

from tests.support import servers
from tests.support.delivering import Delivering, delivering
from tests.support.fake_remote import FakeRemote, fake_remote
from tests.support.fediverse import Fediverse, fediverse
from tests.support.whole import Server, server


@pytest.fixture(scope="module")
def here(admin_url: str) -> Iterator[Server]:
    with server(admin_url, ("ann", "cora")) as started:
        yield started


@pytest.fixture(scope="module")
def ann(here: Server) -> Mastodon:
    return here.people["ann"]


@pytest.fixture(scope="module")
def there() -> Iterator[FakeRemote]:
    """A server elsewhere, for all tests of a module."""
    with fake_remote() as remote:
        yield remote


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[FakeRemote]:
    """A server of another origin than `there`."""
    with fake_remote("localhost") as remote:
        yield remote


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
