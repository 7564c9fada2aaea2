"""Requests take the short way where there is one, and find everything else all the same."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from fedi.shortcut import Shortcut


async def short(_: Request) -> PlainTextResponse:
    return PlainTextResponse("short")


async def long(_: Request) -> PlainTextResponse:
    return PlainTextResponse("long")


@pytest.mark.parametrize(
    ("method", "path", "status", "text"),
    [
        ("GET", "/a", 200, "short"),
        ("GET", "/b/1", 200, "short"),
        ("GET", "/c", 200, "long"),
        ("POST", "/a", 405, "Method Not Allowed"),
        ("GET", "/nowhere", 404, "Not Found"),
    ],
)
async def test_every_request_finds_its_way(method: str, path: str, status: int, text: str) -> None:
    hot = [Route("/a", short), Route("/b/{number}", short)]
    rest = Starlette(routes=[Route("/a", long), Route("/b/{number}", long), Route("/c", long)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(Shortcut(hot, rest)), base_url="http://x") as client:
        answer = await client.request(method, path)
    assert (answer.status_code, answer.text) == (status, text)
