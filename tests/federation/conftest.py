"""Two servers of this program, and people on each."""

from collections.abc import Iterator

import pytest

from tests.support.whole import Server, server


@pytest.fixture(scope="module")
def here(admin_url: str) -> Iterator[Server]:
    with server(admin_url, ("ann", "cora")) as started:
        yield started


@pytest.fixture(scope="module")
def there(admin_url: str) -> Iterator[Server]:
    with server(admin_url, ("bob",)) as started:
        yield started
