"""What tests of commands share: a server that folds what is written."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from fedi.api.deps import Deps
from fedi.settings import Settings
from tests.support.projector import projecting
from tests.support.server import running


@pytest.fixture(scope="module")
def projector(database_url: str, redis_url: str) -> Iterator[None]:
    with projecting(database_url, redis_url, Settings().site):
        yield


@pytest.fixture
async def server(database_url: str, redis_url: str, projector: None, tmp_path: Path) -> AsyncIterator[Deps]:
    async with running(database_url, redis_url, tmp_path) as deps:
        yield deps
