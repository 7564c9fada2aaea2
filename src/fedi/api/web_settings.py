"""What Mastodon's own web client keeps on the server (no documented page: its controller is `api/web/settings`)."""

from typing import Any

import msgspec

from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.errors import ClientError, NotFoundError
from fedi.registry import web_settings

MAX_CHARACTERS = 65_536


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    data: dict[str, Any] = {}


class Reader(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    email: str = ""


@route(("PUT", "PATCH"), "/api/web/settings", scope="write:accounts", auth="user")
async def save(request: ApiRequest, params: Settings) -> dict[str, Any]:
    """Keep what a web client wants to find again."""
    data = msgspec.json.encode(params.data).decode()
    if len(data) > MAX_CHARACTERS:
        raise ClientError(f"Validation failed: Data is too large (maximum is {MAX_CHARACTERS} characters)")
    async with request.deps.pool.connection() as connection:
        kept = await web_settings.save(connection, request.account_id, data, request.deps.clock())
    if not kept:
        raise NotFoundError
    return {}


@route("POST", "/api/v1/accounts/:id/email_subscriptions", scope=None, auth="public")
async def subscribe_by_email(request: ApiRequest, params: Reader) -> dict[str, Any]:
    """Read somebody's posts as letters: nobody here sends any, as on servers where Mastodon has this switched off."""
    raise NotFoundError
