"""Drives an ASGI application without a socket."""

from collections.abc import Iterable

import httpx
from starlette.applications import Starlette
from starlette.routing import BaseRoute


def client(routes: Iterable[BaseRoute], base_url: str = "http://localhost:3000") -> httpx.AsyncClient:
    """Return a client whose requests are answered by these routes."""
    transport = httpx.ASGITransport(app=Starlette(routes=list(routes)), client=("192.0.2.7", 4711))
    return httpx.AsyncClient(transport=transport, base_url=base_url)
