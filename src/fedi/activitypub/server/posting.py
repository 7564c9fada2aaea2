"""Reads POSTs to the inboxes off the wire and answers them. Bare ASGI: each layer would cost every activity.

What can be refused by its headers is refused before its body is read.
"""

import logging
import re

import msgspec
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from fedi.activitypub.server.answers import UNAVAILABLE
from fedi.activitypub.server.edge import Edge
from fedi.activitypub.server.inbox import Outcome, Posting, receive
from fedi.activitypub.server.paths import target_of
from fedi.activitypub.signatures import SignatureError
from fedi.activitypub.vocabulary.json import MAX_BYTES
from fedi.activitypub.vocabulary.media_types import is_activity_json
from fedi.callers import block_of, caller_address
from fedi.errors import PeerError

_log = logging.getLogger(__name__)
_PERSONAL = re.compile(r"/users/([A-Za-z0-9_]{1,30})/inbox")
_SHARED = frozenset({"/inbox", "/actor/inbox"})
_RETRY_SECONDS = 60
_NEW: frozenset[Outcome] = frozenset({"accepted", "passed_on"})
"""What makes up for junk: the rest anybody can send without a key, or again and again."""


class WrongMethod(PeerError):
    """An inbox takes POST and nothing else."""

    status = 405
    reason = "method"


class WrongType(PeerError):
    """An activity has the type application/activity+json."""

    status = 415
    reason = "content_type"


class TooLong(PeerError):
    """The document is too large."""

    status = 413
    reason = "json_too_large"


class Disconnected(Exception):
    """The sender went away before it had sent everything."""


class InboxRoute(BaseRoute):
    """All inboxes: `/inbox`, `/actor/inbox` and `/users/NAME/inbox`."""

    def __init__(self, edge: Edge) -> None:
        self._edge = edge

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Claim every request for an inbox, whatever its method."""
        path = scope.get("path", "")
        if scope["type"] != "http" or not path.endswith("/inbox"):
            return Match.NONE, {}
        if path in _SHARED:
            return Match.FULL, {"inbox": None}
        personal = _PERSONAL.fullmatch(path)
        return (Match.FULL, {"inbox": personal[1].lower()}) if personal else (Match.NONE, {})

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a POST: 202 once it is on disk, 4xx for what is wrong with it, 503 for what may pass."""
        caller = _caller(self._edge, scope)
        try:
            self._edge.junk.check(caller)
            outcome = await _take(self._edge, scope, receive, caller)
        except PeerError as error:
            self._edge.tally.count(error.reason)
            if error.status not in {429, 503}:
                self._edge.junk.refused(caller)
            await _refuse(send, error.status, str(error), error.reason)
        except UNAVAILABLE as error:
            self._edge.tally.count("unavailable")
            _log.warning("an activity could not be taken in: %s", error)
            await _refuse(send, 503, "The server cannot take this in at the moment.", "unavailable")
        except Disconnected:
            self._edge.tally.count("disconnected")
        else:
            self._edge.tally.count(outcome)
            if outcome in _NEW:
                self._edge.junk.taken(caller)
            await _answer(send, 202, b"")


async def _take(edge: Edge, scope: Scope, receive_: Receive, caller: str) -> Outcome:
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    _check_head(scope, dict(headers))
    posting = Posting(
        headers=headers,
        target=target_of(scope),
        body=await _read(receive_),
        name=scope["inbox"],
        caller=caller,
    )
    return await receive(edge, posting)


def _check_head(scope: Scope, headers: dict[bytes, bytes]) -> None:
    if scope["method"] != "POST":
        raise WrongMethod
    content_type = headers.get(b"content-type")
    if content_type is not None and not is_activity_json(content_type.decode("latin-1")):
        raise WrongType
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or len(length) > 9 or int(length) > MAX_BYTES:
        raise TooLong
    if b"signature" not in headers:
        raise SignatureError(reason="unsigned")


async def _read(receive_: Receive) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive_()
        if message["type"] == "http.disconnect":
            raise Disconnected
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > MAX_BYTES:
            raise TooLong
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)


def _caller(edge: Edge, scope: Scope) -> str:
    """Return what a limit on this caller counts under; "" for a caller on a unix socket that no proxy names."""
    forwarded = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
    client = scope.get("client")
    address = caller_address(client[0] if client else None, forwarded, edge.trusted_proxies)
    return block_of(address) if address else ""


async def _refuse(send: Send, status: int, message: str, reason: str) -> None:
    headers = [(b"content-type", b"application/json")]
    if status in {429, 503}:
        headers.append((b"retry-after", str(_RETRY_SECONDS).encode()))
    if status == 405:
        headers.append((b"allow", b"POST"))
    await _answer(send, status, msgspec.json.encode({"error": message, "reason": reason}), headers)


async def _answer(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]] | None = None) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [length, *(headers or [])]})
    await send({"type": "http.response.body", "body": body})
