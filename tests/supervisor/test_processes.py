"""What a process gives itself before it begins to work."""

import resource
from collections.abc import Iterator

import pytest

from fedi.supervisor.processes import FILES, open_many_files


@pytest.fixture
def limits() -> Iterator[tuple[int, int]]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield before
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_a_low_limit_of_files_is_raised_as_far_as_may_be(limits: tuple[int, int]) -> None:
    _, hard = limits
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    open_many_files()
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (min(hard, FILES) if hard >= 0 else FILES, hard)
