"""`--kills N`: how often the tests of this folder kill a process. `make chaos` says 200, the suite is content with
10."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, help="how often a process is killed")


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    """How many kills this run can afford."""
    # Only when pytest is pointed at this folder is the option there at all.
    return int(request.config.getoption("--kills", default=None) or 10)
