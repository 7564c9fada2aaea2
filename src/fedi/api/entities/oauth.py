"""Apps and tokens as clients see them."""

from typing import Literal

import msgspec

from fedi.api.entities.accounts import Account
from fedi.registry.apps import App
from fedi.registry.tokens import Issued, TokenFacts
from fedi.site import Site


class Application(msgspec.Struct, frozen=True, kw_only=True):
    """An app as it may see itself."""

    id: str
    name: str
    website: str | None
    scopes: tuple[str, ...]
    redirect_uris: tuple[str, ...]
    redirect_uri: str
    vapid_key: str


class CredentialApplication(Application, frozen=True, kw_only=True):
    """An app with its secret: shown once, when it is registered."""

    client_id: str
    client_secret: str
    client_secret_expires_at: int = 0


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """An access token. `created_at` is in whole seconds, unlike every other time."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"
    scope: str
    created_at: int


class ServerMetadata(msgspec.Struct, frozen=True, kw_only=True):
    """What RFC 8414 lets a client find out."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    revocation_endpoint: str
    introspection_endpoint: str
    userinfo_endpoint: str
    app_registration_endpoint: str
    service_documentation: str
    scopes_supported: tuple[str, ...]
    grant_types_supported: tuple[str, ...]
    response_types_supported: tuple[str, ...] = ("code",)
    response_modes_supported: tuple[str, ...] = ("query",)
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic", "client_secret_post")
    code_challenge_methods_supported: tuple[str, ...] = ("S256",)


class Introspection(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What RFC 7662 §2.2 says of a token; of a bad one, only that it is."""

    active: bool
    scope: str | None = None
    client_id: str | None = None
    username: str | None = None
    token_type: Literal["Bearer"] | None = None
    iat: int | None = None
    iss: str | None = None


class TokenApplication(msgspec.Struct, frozen=True, kw_only=True):
    uid: str | None


class TokenInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A token as its bearer sees it. Tokens do not expire."""

    resource_owner_id: int | None
    scope: tuple[str, ...]
    expires_in: None = None
    application: TokenApplication
    created_at: int


class UserInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Who somebody is, in the words of OpenID Connect Core §5.3."""

    iss: str
    sub: str
    name: str
    preferred_username: str
    profile: str
    picture: str


def application(app: App, vapid_key: str) -> Application:
    """Return an app without its secrets; `vapid_key` is what it needs for web push."""
    return Application(
        id=str(app.id),
        name=app.name,
        website=app.website,
        scopes=app.scopes,
        redirect_uris=app.redirect_uris,
        redirect_uri="\n".join(app.redirect_uris),
        vapid_key=vapid_key,
    )


def credential_application(app: App, secret: str, vapid_key: str) -> CredentialApplication:
    """Return an app with its secret."""
    shown = msgspec.structs.asdict(application(app, vapid_key))
    return CredentialApplication(**shown, client_id=app.client_id, client_secret=secret)


def token(issued: Issued) -> Token:
    """Return a token in clear."""
    return Token(
        access_token=issued.secret, scope=" ".join(issued.scopes), created_at=int(issued.created_at.timestamp())
    )


def introspection(facts: TokenFacts, site: Site) -> Introspection:
    """Return what the app that holds a good token may know of it."""
    return Introspection(
        active=True,
        scope=" ".join(facts.scopes),
        client_id=facts.client_id,
        username=facts.username,
        token_type="Bearer",
        iat=int(facts.created_at.timestamp()),
        iss=f"{site.base_url}/",
    )


def token_info(facts: TokenFacts) -> TokenInfo:
    """Return what the bearer of a token may know of it."""
    return TokenInfo(
        resource_owner_id=facts.user_id,
        scope=facts.scopes,
        application=TokenApplication(uid=facts.client_id),
        created_at=int(facts.created_at.timestamp()),
    )


def user_info(account: Account, site: Site) -> UserInfo:
    """Return who a local account is."""
    return UserInfo(
        iss=f"{site.base_url}/",
        sub=account.uri,
        name=account.display_name or account.username,
        preferred_username=account.username,
        profile=account.url,
        picture=account.avatar,
    )
