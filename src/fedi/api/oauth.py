"""OAuth 2.0 as Mastodon speaks it (https://docs.joinmastodon.org/methods/oauth/); the pages for people are in `web`.

Tokens do not expire and are not refreshed; the same app, person and scopes get the same token again.
"""

import base64
import binascii
from urllib.parse import unquote_plus

import msgspec
from starlette.datastructures import Headers

from fedi.api.entities.accounts import account
from fedi.api.entities.oauth import ServerMetadata, Token, UserInfo
from fedi.api.entities.oauth import token as shown
from fedi.api.entities.oauth import user_info as user_info_of
from fedi.api.reading import reading
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.errors import Unavailable
from fedi.registry import apps, codes, tokens
from fedi.registry.codes import Code
from fedi.registry.grants import GrantError, Known, judge_token
from fedi.registry.kill import kill_tokens
from fedi.registry.rows import Connection
from fedi.registry.scopes import SCOPES
from fedi.registry.secrets import digest
from fedi.registry.sign_in import Attempt, sign_in
from fedi.views import accounts


class TokenParams(msgspec.Struct, frozen=True, kw_only=True):
    """RFC 6749 §4.1.3, §4.3.2 and §4.4.2; the client may also introduce itself by HTTP Basic."""

    grant_type: str | None = None
    client_id: str | None = None
    client_secret: str | None = None
    code: str | None = None
    code_verifier: str | None = None
    redirect_uri: str | None = None
    scope: str | None = None
    username: str | None = None
    password: str | None = None


class RevokeParams(msgspec.Struct, frozen=True, kw_only=True):
    """RFC 7009 §2.1."""

    token: str = ""
    client_id: str | None = None
    client_secret: str | None = None


@route("POST", "/oauth/token", scope=None, auth="public")
async def obtain_token(request: ApiRequest, params: TokenParams) -> Token:
    """Exchange a code, an app's own credentials, or (in development) a name and password for a token."""
    given = {name: value for name, value in msgspec.structs.asdict(params).items() if value is not None}
    given |= _basic(request.headers)
    user_id = await _user_of_password(request, given)
    async with request.deps.pool.connection() as connection, connection.transaction():
        outcome, ended = await _exchange(connection, request, given, user_id)
    await kill_tokens(request.deps.redis, ended)
    if isinstance(outcome, GrantError):
        raise outcome
    return outcome


@route("POST", "/oauth/revoke", scope=None, auth="public")
async def revoke_token(request: ApiRequest, params: RevokeParams) -> dict[str, str]:
    """End a token. An unknown one is ended already (RFC 7009 §2.2)."""
    async with request.deps.pool.connection() as connection:
        viewer = await tokens.viewer(connection, digest(params.token))
        if viewer is None:
            return {}
        if viewer.app_id is not None:
            app = await client_of(connection, request, params.client_id, params.client_secret)
            if app is None or app.id != viewer.app_id:
                raise GrantError("unauthorized_client", "You are not authorized to revoke this token", 403)
        ended = await tokens.revoke(connection, [viewer.token_id])
    request.deps.access.forget(params.token)
    await kill_tokens(request.deps.redis, ended)
    return {}


@route("GET", "/.well-known/oauth-authorization-server", scope=None, auth="public")
async def server_metadata(request: ApiRequest) -> ServerMetadata:
    """What a client needs to know of this server (RFC 8414)."""
    base = request.deps.site.base_url
    extension = ("password",) if request.deps.settings.oauth_password_grant else ()
    return ServerMetadata(
        issuer=f"{base}/",
        authorization_endpoint=f"{base}/oauth/authorize",
        token_endpoint=f"{base}/oauth/token",
        revocation_endpoint=f"{base}/oauth/revoke",
        introspection_endpoint=f"{base}/oauth/introspect",
        userinfo_endpoint=f"{base}/oauth/userinfo",
        app_registration_endpoint=f"{base}/api/v1/apps",
        service_documentation="https://docs.joinmastodon.org/",
        scopes_supported=SCOPES,
        grant_types_supported=("authorization_code", "client_credentials", *extension),
    )


@route(("GET", "POST"), "/oauth/userinfo", scope="profile", auth="user")
async def user_info(request: ApiRequest) -> UserInfo:
    """Who the person behind the token is (OpenID Connect Core §5.3)."""
    async with reading(request) as connection:
        row = await accounts.one(connection, request.account_id)
    if row is None:
        raise Unavailable
    return user_info_of(account(row, request.deps.site), request.deps.site)


async def client_of(
    connection: Connection, request: ApiRequest, client_id: str | None, client_secret: str | None
) -> apps.App | None:
    """Return the app that introduces itself with its secret, by HTTP Basic or with parameters (RFC 6749 §2.3.1)."""
    given = {"client_id": client_id, "client_secret": client_secret} | _basic(request.headers)
    app = await apps.by_client_id(connection, given["client_id"] or "")
    return app if app is not None and app.has_secret(given["client_secret"] or "") else None


async def _exchange(
    connection: Connection, request: ApiRequest, given: dict[str, str], user_id: int | None
) -> tuple[Token | GrantError, list[int]]:
    """Judge a request and issue its token; returned beside it are tokens that ended, because a code came twice."""
    moment = request.deps.clock()
    settings = request.deps.settings
    known = Known(
        app=await apps.by_client_id(connection, given.get("client_id", "")),
        code=await codes.find(connection, given.get("code", "")) if _wants_code(given) else None,
        user_id=user_id,
        password_grant=settings.oauth_password_grant,
        moment=moment,
    )
    try:
        granted = judge_token(given, known)
    except GrantError as error:
        return error, await _end_if_replayed(connection, known, given)
    issued = await tokens.issue(
        connection, settings.secret_key_base, app_id=granted.app.id, user_id=granted.user_id, scopes=granted.scopes
    )
    if known.code is not None:
        await codes.use(connection, given["code"], issued.id, moment)
    return shown(issued), []


async def _end_if_replayed(connection: Connection, known: Known, given: dict[str, str]) -> list[int]:
    """A code that comes twice was stolen by one of the two: what it gave is taken back (RFC 6749 §4.1.2)."""
    app, code = known.app, known.code
    if app is None or code is None or not _is_spent_code_of(code, app) or code.token_id is None:
        return []
    if not app.has_secret(given.get("client_secret", "")):
        return []
    return await tokens.revoke(connection, [code.token_id])


def _wants_code(given: dict[str, str]) -> bool:
    return given.get("grant_type") == "authorization_code"


def _is_spent_code_of(code: Code, app: apps.App) -> bool:
    return code.used_at is not None and code.app_id == app.id


async def _user_of_password(request: ApiRequest, given: dict[str, str]) -> int | None:
    settings = request.deps.settings
    if given.get("grant_type") != "password" or not settings.oauth_password_grant:
        return None
    attempt = Attempt(login=given.get("username", ""), password=given.get("password", ""), address=request.address)
    user = await sign_in(request.deps.pool, request.deps.redis, attempt, limited=settings.rate_limits)
    return user.id if user is not None and user.otp_enabled_at is None else None  # there is no place for a code here


def _basic(headers: Headers) -> dict[str, str]:
    """The client's credentials from the Authorization header (RFC 6749 §2.3.1), where it has them."""
    kind, _, encoded = headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return {}
    try:
        name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return {}
    return {"client_id": unquote_plus(name), "client_secret": unquote_plus(secret)}
