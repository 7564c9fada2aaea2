"""`--fuzz N`: requests of each kind that the tests of this folder make up. `make fuzz` says 60, the suite is content
with less."""

from collections.abc import Iterator

import pytest

from tests.support.whole import Server, server


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the command line say it, where these tests are named."""
    parser.addoption("--fuzz", type=int, help="how many requests of each kind are made up")


@pytest.fixture(scope="module")
def whole(admin_url: str) -> Iterator[Server]:
    """A server with six people on it, that shows everybody whom it limits."""
    people = ("ada", "bob", "carol", "dave", "erin", "fay")
    with server(admin_url, people, more={"FEDI_SHOW_DOMAIN_BLOCKS": "all"}) as running:
        yield running
