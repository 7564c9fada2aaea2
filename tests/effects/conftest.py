from collections.abc import AsyncIterator

import pytest

from tests.support import servers
from tests.support.here import Here, running


@pytest.fixture
async def here(admin_url: str) -> AsyncIterator[Here]:
    with servers.fresh_database(admin_url) as url:
        async with running(url) as server:
            yield server
