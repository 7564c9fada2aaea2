"""A server that runs, and people who use it through Mastodon.py: what the library cannot read is our fault."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from mastodon import Mastodon

from tests.support.whole import Server, server

SCOPES = ["read", "write", "follow", "push"]


class Life(msgspec.Struct, frozen=True):
    """The server, and the apps of three people on it."""

    server: Server
    ada: Any
    bob: Any
    cora: Any


@pytest.fixture(scope="module")
def life(admin_url: str) -> Iterator[Life]:
    with server(admin_url, ()) as started:
        base = f"http://{started.domain}"
        yield Life(started, *(_joined(base, name) for name in ("ada", "bob", "cora")))


def _joined(base: str, name: str) -> Any:
    """Sign somebody up with an app of theirs, as apps do."""
    app = Mastodon.create_app("Scenarios", scopes=SCOPES, api_base_url=base)
    person = Mastodon(*app, api_base_url=base, request_timeout=20)
    person.create_account(name, "correct horse battery", f"{name}@example.com", agreement=True, scopes=SCOPES)
    return person


def is_a(kind: type, read: Any) -> bool:
    """Tell whether the library read an answer as it should, past its types: it declares all to be absent at times."""
    return isinstance(read, kind)
