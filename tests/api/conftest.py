"""What API tests share: the parts of the program on real stores."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from fedi.api.deps import Deps
from fedi.settings import Settings
from tests.support.projector import projecting
from tests.support.reader import World
from tests.support.reader import world as build
from tests.support.server import running


@pytest.fixture
async def deps(database_url: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Deps]:
    async with running(database_url, redis_url, tmp_path) as parts:
        yield parts


@pytest.fixture
async def world(deps: Deps) -> World:
    return await build(deps)


@pytest.fixture(scope="module")
def projector(database_url: str, redis_url: str) -> Iterator[None]:
    """A projector that folds what the module's tests write."""
    with projecting(database_url, redis_url, Settings().site):
        yield
