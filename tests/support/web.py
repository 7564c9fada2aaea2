"""Drives an ASGI application without a socket."""

from collections.abc import Iterable

import httpx
from starlette.applications import Starlette
from starlette.routing import BaseRoute


def client(routes: Iterable[BaseRoute], **options: object) -> httpx.AsyncClient:
    """Return a client whose requests are answered by these routes."""
    transport = httpx.ASGITransport(app=Starlette(routes=list(routes)), client=("192.0.2.7", 4711))
    return httpx.AsyncClient(transport=transport, base_url="http://localhost:3000", **options)  # type: ignore[arg-type]
