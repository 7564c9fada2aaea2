"""Apps: how a client registers itself (https://docs.joinmastodon.org/methods/apps/)."""

from urllib.parse import urlsplit

import msgspec

from fedi.api.entities.oauth import Application, CredentialApplication, application, credential_application
from fedi.api.errors import Code, Detail, InvalidError
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.errors import NotFoundError
from fedi.registry import apps
from fedi.registry.push_key import own_key
from fedi.registry.redirects import is_acceptable
from fedi.registry.scopes import DEFAULT, SCOPES, split

NAME_LENGTH = 60
WEBSITE_LENGTH = 2000


class AppParams(msgspec.Struct, frozen=True, kw_only=True):
    """`redirect_uris` is a list, or a text with one on each line."""

    client_name: str = ""
    redirect_uris: list[str] = []
    scopes: str = ""
    website: str | None = None


@route("POST", "/api/v1/apps", scope=None, auth="public")
async def register_app(request: ApiRequest, params: AppParams) -> CredentialApplication:
    """Register an app."""
    name, website = params.client_name.strip(), (params.website or "").strip() or None
    redirect_uris = list(dict.fromkeys(uri for text in params.redirect_uris for uri in text.split()))
    scopes = split(params.scopes) or [DEFAULT]
    _check(name, website, redirect_uris, scopes)
    async with request.deps.pool.connection() as connection:
        app, secret = await apps.register(
            connection, name=name, website=website, redirect_uris=redirect_uris, scopes=scopes
        )
        key = await own_key(connection, request.deps.settings.vapid_private_key)
    return credential_application(app, secret, key.public)


@route("GET", "/api/v1/apps/verify_credentials", scope=None, auth="app")
async def verify_app(request: ApiRequest) -> Application:
    """The app that a token was issued to."""
    async with request.deps.pool.connection() as connection:
        app_id = request.viewer.app_id if request.viewer else None
        app = await apps.by_id(connection, app_id) if app_id is not None else None
        key = await own_key(connection, request.deps.settings.vapid_private_key)
    if app is None:
        raise NotFoundError
    return application(app, key.public)


def _check(name: str, website: str | None, redirect_uris: list[str], scopes: list[str]) -> None:
    if not name:
        raise _invalid("name", "ERR_BLANK", "can't be blank")
    if len(name) > NAME_LENGTH:
        raise _invalid("name", "ERR_TOO_LONG", f"is too long (maximum is {NAME_LENGTH} characters)")
    if website is not None and not _is_web_address(website):
        raise _invalid("website", "ERR_INVALID", "must be an http or https URL")
    if not redirect_uris:
        raise _invalid("redirect_uri", "ERR_BLANK", "can't be blank")
    if not all(is_acceptable(uri) for uri in redirect_uris):
        raise _invalid("redirect_uri", "ERR_INVALID", "must be an absolute URI without a fragment, of a safe scheme")
    if len("\n".join(redirect_uris)) > WEBSITE_LENGTH:
        raise _invalid("redirect_uri", "ERR_TOO_LONG", f"is too long (maximum is {WEBSITE_LENGTH} characters)")
    if not set(scopes) <= set(SCOPES):
        raise _invalid("scopes", "ERR_INVALID", "doesn't match configured on the server.")


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and len(text) <= WEBSITE_LENGTH


def _invalid(field: str, code: Code, what: str) -> InvalidError:
    words = field.replace("_", " ").capitalize().replace("uri", "URI")
    return InvalidError(f"{words} {what}", {field: [Detail(code, what)]})
