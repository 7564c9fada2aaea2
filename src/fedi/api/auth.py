"""Who may call an endpoint: the token in the request, its scopes, and the state of the login behind it.

Statuses and texts are Mastodon's, because apps act on them (sign out on 401, ask for more scopes on 403).
"""

from collections.abc import Collection
from typing import Literal

from starlette.datastructures import Headers

from fedi.api.errors import AuthError, ForbiddenError
from fedi.errors import ClientError
from fedi.registry.access import Access
from fedi.registry.tokens import Viewer

Auth = Literal["public", "public-or-user", "app", "user", "waiting"]


class UserRequiredError(ClientError):
    """This method requires an authenticated user"""


def bearer_token(headers: Headers, query: dict[str, object] | None = None) -> str | None:
    """Return the token of a request (RFC 6750 §2): from the Authorization header, else from the query."""
    kind, _, token = headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and token.strip():
        return token.strip()
    given = query.get("access_token") if query else None
    return given if isinstance(given, str) and given else None


async def authorize(access: Access, token: str | None, auth: Auth, scopes: Collection[str]) -> Viewer | None:
    """Return who is asking, None for a stranger where strangers are served. `scopes`: any one of them is enough.

    Raises AuthError, ForbiddenError or UserRequiredError.
    """
    if auth == "public":
        return None
    if token is None:
        if auth == "public-or-user":
            return None
        raise AuthError
    viewer = await access.viewer(token)
    if viewer is None:
        raise AuthError
    permit(viewer, auth, scopes)
    return viewer


def permit(viewer: Viewer, auth: Auth, scopes: Collection[str]) -> None:
    """Raise as `authorize` does if somebody who is known may not ask."""
    if viewer.revoked:
        raise AuthError("The access token was revoked")
    if scopes and viewer.scopes.isdisjoint(scopes):
        raise ForbiddenError("This action is outside the authorized scopes")
    if viewer.user_id is None and auth in {"user", "waiting"}:
        raise UserRequiredError
    if viewer.user_id is not None and auth != "waiting":
        _require_functional(viewer)


def _require_functional(viewer: Viewer) -> None:
    if not viewer.confirmed:
        raise ForbiddenError("Your login is missing a confirmed e-mail address")
    if not viewer.approved:
        raise ForbiddenError("Your login is currently pending approval")
    if viewer.disabled:
        raise ForbiddenError("Your login is currently disabled")
