"""What a token is worth: for the app that holds it (RFC 7662), and for its bearer.

Both are routes that Mastodon's OAuth library brings along; Mastodon does not document them.
"""

import msgspec

from fedi.api.entities.oauth import Introspection, TokenInfo, introspection, token_info
from fedi.api.errors import AuthError
from fedi.api.oauth import client_of
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.registry import tokens
from fedi.registry.grants import GrantError
from fedi.registry.secrets import digest


class IntrospectParams(msgspec.Struct, frozen=True, kw_only=True):
    """RFC 7662 §2.1; the client may also introduce itself by HTTP Basic."""

    token: str = ""
    client_id: str | None = None
    client_secret: str | None = None


@route("POST", "/oauth/introspect", scope=None, auth="public")
async def introspect(request: ApiRequest, params: IntrospectParams) -> Introspection:
    """Whether a token of the asking app is good, and for what. Of any other token nothing is said (RFC 7662 §2.2)."""
    async with request.deps.pool.connection() as connection:
        app = await client_of(connection, request, params.client_id, params.client_secret)
        if app is None:
            raise GrantError("invalid_client", "Client authentication failed.", 401)
        facts = await tokens.describe(connection, digest(params.token))
    if facts is None or not facts.active or facts.client_id != app.client_id:
        return Introspection(active=False)
    return introspection(facts, request.deps.site)


@route("GET", "/oauth/token/info", scope=None, auth="app")
async def show_token(request: ApiRequest) -> TokenInfo:
    """What the token that asks may do, and for which app."""
    assert request.viewer is not None
    async with request.deps.pool.connection() as connection:
        facts = await tokens.describe_by_id(connection, request.viewer.token_id)
    if facts is None:
        raise AuthError
    return token_info(facts)
