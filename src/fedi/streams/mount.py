"""Puts the streaming API together for the composition root."""

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import BaseRoute, Route, WebSocketRoute

from fedi.streams.admission import Admission
from fedi.streams.server_sent_events import ServerSentEvents
from fedi.streams.websocket import WebSocketStreams

PATH = "/api/v1/streaming"


def routes(admission: Admission) -> list[BaseRoute]:
    """Return the streaming API as Starlette routes. WebSockets are taken at any path."""
    return [
        WebSocketRoute("/{path:path}", WebSocketStreams(admission)),
        Route(f"{PATH}/health", _health),
        Route(PATH, _nothing),
        Route(f"{PATH}/{{path:path}}", ServerSentEvents(admission)),
    ]


async def _health(_: Request) -> PlainTextResponse:
    """Say that this process answers; nothing else is asked."""
    return PlainTextResponse("OK", headers={"Cache-Control": "private, no-store"})


async def _nothing(_: Request) -> JSONResponse:
    """There is nothing here but WebSockets."""
    return JSONResponse({"error": "Not Found"}, 404, headers={"Access-Control-Allow-Origin": "*"})
