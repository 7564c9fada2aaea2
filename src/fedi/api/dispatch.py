"""Serves the endpoints: one Starlette route that stands for all of them, and no middleware, since every request would
pay for every layer.

In order: who asks, what with, the handler, the answer; whatever fails on the way becomes Mastodon's JSON error.
"""

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from fedi.api.auth import Auth, authorize, bearer_token
from fedi.api.body import Disconnected, files_in, parse_query, read_body
from fedi.api.deps import Deps
from fedi.api.encoding import encode
from fedi.api.errors import AuthError, reply_to
from fedi.api.foreseen import Foreseen
from fedi.api.forms import nest
from fedi.api.fresh import may_have_come
from fedi.api.limits import Ration, RawHeaders
from fedi.api.replica import Replica, answered
from fedi.api.request import ApiRequest, Reply
from fedi.api.routing import Endpoint
from fedi.api.table import Table
from fedi.api.unproven import remembered
from fedi.errors import ClientError, FediError, NotFoundError
from fedi.log.drafts import Fallen
from fedi.request_ids import request_id as request_id_of

_COMMON: RawHeaders = [
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"Link, Mastodon-Async-Refresh, X-RateLimit-Reset, X-RateLimit-Limit, X-RateLimit-Remaining, X-Request-Id",
    ),
    (b"cache-control", b"private, no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"vary", b"Authorization, Origin"),
    (b"x-content-type-options", b"nosniff"),
]


_ABOUT = ("/api/v1/instance/", "/api/v1/custom_emojis")
"""What strangers may read of a server whose API is closed, unless it speaks with named servers alone."""
_OF_STATUSES = ("/api/v1/statuses", "/api/v1/polls")  # a poll has the id of its status
_OPEN = frozenset({"/api/v1/instance", "/api/v2/instance", "/api/v1/apps", "/api/oembed"})


def _is_open(endpoint: Endpoint, path: str) -> bool:
    """Tell whether everybody is served whatever the settings: files, and what apps ask before anybody signs in."""
    return not path.startswith("/api/") or not _OPEN.isdisjoint(endpoint.paths)


class ApiRoute(BaseRoute):
    """All endpoints as one route. It claims unknown paths under /api too, but only if no other route does."""

    def __init__(self, table: Table, deps: Deps, replica: Replica | None = None) -> None:
        self._table = table
        self._deps = deps
        self._replica = replica

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Answer FULL for an endpoint or its preflight, PARTIAL for another path under /api."""
        if scope["type"] != "http":
            return Match.NONE, {}
        path, method = scope["path"], scope["method"]
        found = self._table.find(method, path)
        if found is not None:
            return Match.FULL, {"endpoint": found[0], "path_params": found[1]}
        if method == "OPTIONS" and self._table.knows(path):
            return Match.FULL, {"endpoint": None}
        return (Match.PARTIAL if path.startswith("/api/") else Match.NONE), {"endpoint": None}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that `matches` claimed."""
        headers = Headers(scope=scope)
        request_id = request_id_of(headers.get("x-request-id", ""))
        endpoint = scope["endpoint"]
        ration = Ration(self._deps.limiter)
        try:
            if endpoint is not None:
                answer = await self._answer(endpoint, scope, receive, headers, request_id, ration)
                await ration.check()
            elif scope["method"] == "OPTIONS":
                answer = _preflight(headers)
            else:
                raise NotFoundError
        except Disconnected:
            return
        except Exception as error:  # whatever it is, the client gets an answer and we get a line in the log
            failed = reply_to(error, request_id)
            answer = Reply(body=failed.body, status=failed.status, headers=failed.headers)
        await _send(answer, scope, receive, send, [*await ration.headers(), (b"x-request-id", request_id.encode())])

    def _auth(self, endpoint: Endpoint, path: str, token: str | None) -> Auth:
        """Return whom an endpoint serves: where strangers get nothing, only people, but for what signing in takes."""
        settings = self._deps.settings
        if not settings.closed_api or endpoint.auth not in {"public", "public-or-user"} or _is_open(endpoint, path):
            return endpoint.auth
        if not settings.limited_federation_mode and path.startswith(_ABOUT):
            return endpoint.auth
        if token is None:
            raise AuthError("This method requires an authenticated user")
        return "user"

    async def _answer(
        self, endpoint: Endpoint, scope: Scope, receive: Receive, headers: Headers, request_id: str, ration: Ration
    ) -> Any:
        query = nest(parse_query(scope["query_string"])) if scope["query_string"] else {}
        token = bearer_token(headers, query)
        unproven = remembered(self._deps, token, endpoint.auth, endpoint.accepted) if endpoint.ahead else None
        with Foreseen(self._deps, None if unproven else endpoint.ahead, token) as foreseen:
            try:
                auth = self._auth(endpoint, scope["path"], token)
                viewer = (
                    unproven.viewer if unproven else await authorize(self._deps.access, token, auth, endpoint.accepted)
                )
            except ClientError:  # who guesses tokens is a stranger, and counts as one
                ration.begin(ApiRequest(scope, self._deps, headers, None, request_id), endpoint)
                await ration.check()
                raise
            request = ApiRequest(scope, self._deps, headers, viewer, request_id, foreseen, unproven)
            ration.begin(request, endpoint)
            try:
                answer = await self._served(endpoint, request, query, receive, ration)
            except FediError:
                await request.prove()
                raise
            await request.prove()
            return answer

    async def _served(
        self, endpoint: Endpoint, request: ApiRequest, query: dict[str, Any], receive: Receive, ration: Ration
    ) -> Any:
        headers, path_params = request.headers, request.scope["path_params"]
        reads = request.scope["method"] in {"GET", "HEAD"}
        if not reads:
            await ration.check()
        if endpoint.decoder is None:
            return await answered(self._replica, endpoint, request, (), _handled)
        if reads and "content-length" not in headers:
            params = endpoint.decoder.decode(query, path_params)
            return await answered(self._replica, endpoint, request, (params,), _handled)
        body = await read_body(headers, receive, uploads=endpoint.decoder.uploads)
        try:
            params = endpoint.decoder.decode({**query, **body}, path_params)
            return await _handled(endpoint, request, (params,))
        finally:
            for file in files_in(body):
                await file.close()


async def _handled(endpoint: Endpoint, request: ApiRequest, params: tuple[Any, ...]) -> Any:
    """Run a handler; once more where who asks turns out not to be who they were."""
    try:
        return await _found(endpoint, request, params)
    except Fallen:
        if request.unproven is not None:
            request.unproven.forget()
        await request.prove()
    return await _found(endpoint, request, params)


async def _found(endpoint: Endpoint, request: ApiRequest, params: tuple[Any, ...]) -> Any:
    """Run a handler; once more where it did not find a status that is only now in the views."""
    try:
        return await endpoint.handler(request, *params)
    except NotFoundError:
        if not endpoint.paths[0].startswith(_OF_STATUSES) or not await may_have_come(request.deps, params):
            raise
    return await endpoint.handler(request, *params)


async def _send(answer: Any, scope: Scope, receive: Receive, send: Send, of_request: RawHeaders) -> None:
    if isinstance(answer, Response):
        answer.raw_headers.extend([*_missing(answer.raw_headers), *of_request])
        await answer(scope, receive, send)
        return
    reply = answer if isinstance(answer, Reply) else Reply(body=answer)
    body = encode(reply.body)
    own = _raw(reply.headers)
    start = [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        *of_request,
        *own,
        *(_missing(own) if own else _COMMON),
    ]
    await send({"type": "http.response.start", "status": reply.status, "headers": start})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def _raw(headers: Mapping[str, str]) -> RawHeaders:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]


def _missing(own: RawHeaders) -> RawHeaders:
    """The common headers that an answer does not set for itself."""
    names = {name for name, _ in own}
    return [header for header in _COMMON if header[0] not in names]


def _preflight(headers: Headers) -> Response:
    return Response(
        headers={
            "Access-Control-Allow-Methods": "POST, PUT, DELETE, GET, PATCH, OPTIONS",
            "Access-Control-Allow-Headers": headers.get("access-control-request-headers", "*"),
            "Access-Control-Max-Age": "7200",
        }
    )
