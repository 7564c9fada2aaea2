"""How documents are answered: their types, who may keep a copy and for how long, and what failures look like.

What a private post and none at all are answered with must not differ in a byte (S-113).
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
import psycopg
from psycopg_pool import PoolTimeout
from starlette.requests import Request
from starlette.responses import Response

from fedi.activitypub.server.edge import Edge
from fedi.errors import ClientError, NotFoundError, PeerError, Unavailable
from fedi.sql import OTHER_VIEWS

Handler = Callable[[Edge, Request], Awaitable[Response]]

ACTIVITY_JSON = "application/activity+json; charset=utf-8"
MINUTES_3 = 180
HOUR = 3600
UNAVAILABLE = (Unavailable, psycopg.OperationalError, *OTHER_VIEWS, PoolTimeout)
"""The database is away, or its views are not made yet."""

_log = logging.getLogger(__name__)
_COMMON = {"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}


class GoneError(ClientError):
    """This existed, and was deleted."""

    status = 410


def activity(request: Request, document: Mapping[str, Any] | bytes, *, status: int = 200) -> Response:
    """Answer with an ActivityPub document.

    An answer to a signed request may depend on who signed: it is for that one alone (S-119).
    """
    signed = "signature" in request.headers
    headers = {
        "Cache-Control": "private, no-store" if signed else f"public, max-age={MINUTES_3}",
        "Vary": "Accept, Signature",
    }
    return document_response(document, ACTIVITY_JSON, headers, status=status)


def discovery(document: Mapping[str, Any] | str, media_type: str, *, seconds: int = HOUR) -> Response:
    """Answer a question that everybody may ask; the answer is the same for all."""
    return document_response(document, media_type, {"Cache-Control": f"public, max-age={seconds}"})


def document_response(
    document: Mapping[str, Any] | bytes | str, media_type: str, headers: Mapping[str, str], *, status: int = 200
) -> Response:
    """Return a response with the headers that all documents have."""
    body = msgspec.json.encode(document) if isinstance(document, Mapping) else document
    return Response(body, status, {**_COMMON, **headers, "Content-Type": media_type})


async def allowed(request: Request) -> Response:
    """Answer a browser that asks whether a page from elsewhere may ask (Fetch standard, CORS-preflight fetch)."""
    wanted = request.headers.get("access-control-request-headers", "*")
    headers = {"Access-Control-Allow-Methods": "GET", "Access-Control-Allow-Headers": wanted}
    return Response(headers={**_COMMON, **headers, "Access-Control-Max-Age": "7200"})


def endpoint(edge: Edge, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Return a Starlette endpoint; what fails in the handler is answered as JSON."""

    async def answer(request: Request) -> Response:
        try:
            return await handler(edge, request)
        except ClientError as error:
            return _failure(request, error.status, str(error))
        except PeerError as error:
            return refusal(error)
        except UNAVAILABLE as error:
            _log.warning("a document could not be read: %s", error)
            response = _failure(request, 503, "The server cannot do this at the moment.")
            response.headers["Retry-After"] = str(Unavailable.retry_after)
            return response

    return answer


def refusal(error: PeerError) -> Response:
    """Answer who may not ask; nobody keeps that, for the next who asks may."""
    headers = {"Cache-Control": "private, no-store", "Vary": "Accept, Signature"}
    if error.status in {429, 503}:
        headers["Retry-After"] = str(Unavailable.retry_after)
    body = {"error": str(error), "reason": error.reason}
    return document_response(body, "application/json; charset=utf-8", headers, status=error.status)


def missing() -> NotFoundError:
    """The error for what is not there, or must seem so."""
    return NotFoundError("Not Found")


def _failure(request: Request, status: int, text: str) -> Response:
    response = activity(request, {"error": text}, status=status)
    response.headers["Content-Type"] = "application/json; charset=utf-8"
    if status >= 500:
        response.headers["Cache-Control"] = "no-store"
    return response
