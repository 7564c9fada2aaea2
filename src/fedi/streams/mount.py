"""Puts the streaming API together for the composition root."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Match, Route, WebSocketRoute
from starlette.types import Receive, Scope, Send

from fedi.streams.admission import Admission
from fedi.streams.server_sent_events import ServerSentEvents
from fedi.streams.websocket import WebSocketStreams

PATH = "/api/v1/streaming"


def routes(admission: Admission, *, base_url: str, web_domain: str) -> list[BaseRoute]:
    """Return the streaming API as Starlette routes. WebSockets are taken at any path.

    `base_url` is where clients are told to stream; who asks the web host instead is led there.
    """
    return [
        WebSocketRoute("/{path:path}", WebSocketStreams(admission)),
        Elsewhere(base_url, web_domain),
        Route(f"{PATH}/health", _health),
        Route(PATH, _nothing),
        Route(f"{PATH}/{{path:path}}", ServerSentEvents(admission)),
    ]


class Elsewhere(BaseRoute):
    """Leads clients that ask the web host to the host that streams, where that is another one."""

    def __init__(self, base_url: str, web_domain: str) -> None:
        base = urlsplit(base_url)
        self._base_url = f"{'https' if base.scheme in {'wss', 'https'} else 'http'}://{base.netloc}"
        self._asked = None if base.netloc == web_domain else web_domain

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Answer FULL for a request below `PATH` that names the web host, if that does not stream."""
        if self._asked is None or scope["type"] != "http":
            return Match.NONE, {}
        below = scope["path"] == PATH or scope["path"].startswith(f"{PATH}/")
        return (Match.FULL if below and Headers(scope=scope).get("host") == self._asked else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Redirect, with path and query."""
        query = f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
        answer: Response = RedirectResponse(f"{self._base_url}{scope['path']}{query}", 301)
        await answer(scope, receive, send)


async def _health(_: Request) -> PlainTextResponse:
    """Say that this process answers; nothing else is asked."""
    return PlainTextResponse("OK", headers={"Cache-Control": "private, no-store"})


async def _nothing(_: Request) -> JSONResponse:
    """There is nothing here but WebSockets."""
    return JSONResponse({"error": "Not Found"}, 404, headers={"Access-Control-Allow-Origin": "*"})
