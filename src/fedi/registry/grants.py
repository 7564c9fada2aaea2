"""The rules of OAuth 2.0 (RFC 6749, 7636, 9700), applied to rows that were read beforehand.

oauthlib knows the protocol but is synchronous; so the rows come first, then it judges in memory, and what follows is
written by the caller. It keeps the order of checks and the error words. Four things it leaves open are closed here:
only S256 counts as PKCE, a verifier without a challenge is refused (the downgrade of RFC 9700 §4.8.2), every defect of
a code is `invalid_grant`, and a redirect URI must be the registered one to the letter.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import msgspec
from oauthlib.common import Request
from oauthlib.oauth2 import (
    AuthorizationCodeGrant,
    ClientCredentialsGrant,
    OAuth2Error,
    RequestValidator,
    ResourceOwnerPasswordCredentialsGrant,
)
from oauthlib.oauth2.rfc6749 import errors

from fedi.errors import ClientError
from fedi.registry.apps import App
from fedi.registry.codes import Code
from fedi.registry.scopes import DEFAULT, covers

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_WORDS = {
    "invalid_client": "Client authentication failed due to unknown client, no client authentication included, or "
    "unsupported authentication method.",
    "invalid_grant": "The provided authorization grant is invalid, expired, revoked, does not match the redirection "
    "URI used in the authorization request, or was issued to another client.",
    "invalid_scope": "The requested scope is invalid, unknown, or malformed.",
    "unsupported_grant_type": "The authorization grant type is not supported by the authorization server.",
    "unsupported_response_type": "The authorization server does not support this response type.",
}


class GrantError(ClientError):
    """The request was refused; `error` is the word for it in RFC 6749 §4.1.2.1 or §5.2."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description, status=status)
        self.error = error


class RedirectedError(GrantError):
    """The request was refused in a way that the app is told through its redirect URI."""

    def __init__(self, error: str, description: str, redirect_uri: str, state: str | None) -> None:
        super().__init__(error, description)
        self.redirect_uri = redirect_uri
        self.state = state


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What an app asks a person for, checked."""

    app: App
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str | None
    challenge: str | None


class Granted(msgspec.Struct, frozen=True, kw_only=True):
    """What a token is to be issued for; without a user it stands for the app alone."""

    app: App
    user_id: int | None
    scopes: tuple[str, ...]


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the registry holds about a request for a token, read before it is judged."""

    app: App | None
    code: Code | None = None
    user_id: int | None = None
    """Whose name and password were given, if they were right."""
    password_grant: bool = False
    moment: datetime


def judge_authorization(pairs: Sequence[tuple[str, str]], app: App | None) -> Asked:
    """Check an authorization request (RFC 6749 §4.1.1); `app` is the client it names, if there is one.

    Raises GrantError when the person must be told, because no redirect URI can be trusted; RedirectedError otherwise.
    """
    request = Request(f"/oauth/authorize?{urlencode(pairs)}")
    grant = AuthorizationCodeGrant(_Rules(app), pre_auth=[_only_s256])
    try:
        scopes, _ = grant.validate_authorization_request(request)
    except errors.FatalClientError as error:
        raise _in_words(error) from None
    except OAuth2Error as error:
        told = _in_words(error)
        raise RedirectedError(told.error, str(told), request.redirect_uri, request.state) from None
    assert app is not None
    return Asked(
        app=app,
        redirect_uri=request.redirect_uri,
        scopes=tuple(scopes),
        state=request.state,
        challenge=request.code_challenge,
    )


def judge_token(params: Mapping[str, str], known: Known) -> Granted:
    """Check a request for a token (RFC 6749 §4.1.3, §4.3.2, §4.4.2). Raises GrantError."""
    request = Request("", "POST", body=dict(params))
    rules = _Rules(known.app, known)
    try:
        _grant(params.get("grant_type"), rules, known).validate_token_request(request)
    except (errors.MismatchingRedirectURIError, errors.MissingRedirectURIError, errors.MissingCodeVerifierError):
        raise _in_words(errors.InvalidGrantError()) from None
    except OAuth2Error as error:
        raise _in_words(error) from None
    assert known.app is not None
    return Granted(app=known.app, user_id=request.user, scopes=tuple(request.scopes))


def _grant(kind: str | None, rules: "_Rules", known: Known) -> Any:
    if kind == "client_credentials":
        return ClientCredentialsGrant(rules)
    if kind == "password" and known.password_grant:
        return ResourceOwnerPasswordCredentialsGrant(rules)
    return AuthorizationCodeGrant(rules, post_token=[_no_downgrade])


def _only_s256(request: Any) -> dict[str, Any]:
    if request.code_challenge_method not in (None, "S256") or (
        request.code_challenge is not None
        and (request.code_challenge_method is None or not _CHALLENGE.fullmatch(request.code_challenge))
    ):
        raise errors.InvalidRequestError("The code_challenge must be made with the method S256.")
    return {}


def _no_downgrade(request: Any) -> None:
    if request.code_verifier is not None and request.code_challenge is None:
        raise errors.InvalidGrantError


def _in_words(error: Any) -> GrantError:
    return GrantError(error.error, _WORDS.get(error.error) or error.description or error.error, error.status_code)


class _Rules(RequestValidator):  # type: ignore[misc]
    """Answers oauthlib's questions from the rows. The names of the methods are oauthlib's."""

    def __init__(self, app: App | None, known: Known | None = None) -> None:
        super().__init__()
        self._app = app
        self._known = known

    def validate_client_id(self, client_id: str, request: Any, *_: Any, **__: Any) -> bool:
        request.client = self._app
        return self._app is not None

    def validate_redirect_uri(self, client_id: str, redirect_uri: str, request: Any, *_: Any, **__: Any) -> bool:
        return self._app is not None and redirect_uri in self._app.redirect_uris

    def get_default_redirect_uri(self, client_id: str, request: Any, *_: Any, **__: Any) -> str | None:
        registered = self._app.redirect_uris if self._app else ()
        return registered[0] if len(registered) == 1 else None

    def validate_response_type(self, client_id: str, response_type: str, *_: Any, **__: Any) -> bool:
        if response_type != "code":
            raise errors.UnsupportedResponseTypeError
        return True

    def is_pkce_required(self, client_id: str, request: Any) -> bool:
        return False

    def get_default_scopes(self, client_id: str, request: Any, *_: Any, **__: Any) -> list[str]:
        return [DEFAULT]

    def validate_scopes(self, client_id: str, scopes: list[str], *_: Any, **__: Any) -> bool:
        return self._app is not None and covers(self._app.scopes, scopes)

    def client_authentication_required(self, request: Any, *_: Any, **__: Any) -> bool:
        return True

    def authenticate_client(self, request: Any, *_: Any, **__: Any) -> bool:
        request.client = self._app
        return self._app is not None and self._app.has_secret(request.client_secret or "")

    def validate_grant_type(self, client_id: str, grant_type: str, *_: Any, **__: Any) -> bool:
        return True

    def validate_code(self, client_id: str, code: str, client: Any, request: Any, *_: Any, **__: Any) -> bool:
        row = self._known.code if self._known else None
        if row is None or self._known is None or self._app is None or row.app_id != self._app.id:
            return False
        if row.used_at is not None or row.expires_at <= self._known.moment:
            return False
        request.user, request.scopes, request.code_challenge = row.user_id, row.scopes, row.challenge
        return True

    def get_code_challenge(self, code: str, request: Any) -> str | None:
        return self._known.code.challenge if self._known and self._known.code else None

    def get_code_challenge_method(self, code: str, request: Any) -> str:
        return "S256"

    def confirm_redirect_uri(self, client_id: str, code: str, redirect_uri: str, *_: Any, **__: Any) -> bool:
        return (
            self._known is not None and self._known.code is not None and redirect_uri == self._known.code.redirect_uri
        )

    def validate_user(self, username: str, password: str, client: Any, request: Any, *_: Any, **__: Any) -> bool:
        request.user = self._known.user_id if self._known else None
        return request.user is not None
