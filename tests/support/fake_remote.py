"""A fediverse of one server: what most tests need of others."""

import contextlib
from collections.abc import Iterator

from tests.support.exchanges import Answer, Received, get_json
from tests.support.fake_host import FakeRemote
from tests.support.fediverse import Fediverse

__all__ = ["Answer", "FakeRemote", "Received", "fake_remote", "get_json"]


@contextlib.contextmanager
def fake_remote(host: str = "127.0.0.1") -> Iterator[FakeRemote]:
    """Run one server, with a port of its own; its URLs carry `host` (127.0.0.1 or localhost)."""
    everywhere = Fediverse(shared_keys=False)
    with everywhere.running():
        yield everywhere.host(host)
