"""`--kills N`: how often the tests of this folder kill a process. `make chaos` says 200, the suite is content with 10.

`--soak SECONDS`: how long a server is kept under load. `make soak` says ten minutes, the suite is content with seconds.
"""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, help="how often a process is killed")
    parser.addoption("--soak", type=float, help="for how many seconds a server is kept under load")


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    """How many kills this run can afford."""
    # Only when pytest is pointed at this folder is the option there at all.
    return int(request.config.getoption("--kills", default=None) or 10)


@pytest.fixture
def soak(request: pytest.FixtureRequest) -> float:
    """For how many seconds this run can afford load."""
    return float(request.config.getoption("--soak", default=None) or 8)
