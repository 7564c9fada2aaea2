"""Gives requests straight to routes, header by header: what a client library would tidy up arrives as it was made."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import Message

from tests.support.fake_actor import Reply, Signed

Headers = Iterable[tuple[bytes, bytes]]


async def ask(
    routes: Sequence[BaseRoute],
    method: str,
    target: str,
    headers: Headers = (),
    body: bytes | Sequence[bytes] = b"",
    *,
    client: str = "192.0.2.7",
) -> Reply:
    """Send a request; a body of several parts comes in as many messages."""
    parts = [body] if isinstance(body, bytes) else list(body)
    sent: list[Message] = []

    async def receive() -> Message:
        if not parts:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    async def send(message: Message) -> None:
        sent.append(message)

    path, _, query = target.partition("?")
    scope: dict[str, Any] = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": list(headers),
        "client": (client, 4711),
        "server": ("127.0.0.1", 3000),
    }
    await Starlette(routes=routes)(scope, receive, send)
    answered = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Reply(sent[0]["status"], answered, b"".join(message.get("body", b"") for message in sent[1:]))


async def deliver(routes: Sequence[BaseRoute], signed: Signed, **options: Any) -> Reply:
    """Send a signed request."""
    target = signed.url.removeprefix("http://").partition("/")[2]
    return await ask(routes, signed.method, f"/{target}", signed.headers, signed.body, **options)


async def get(routes: Sequence[BaseRoute], target: str, accept: str = "application/activity+json") -> Reply:
    """GET, unsigned."""
    return await ask(routes, "GET", target, [(b"host", b"localhost:3000"), (b"accept", accept.encode())])
