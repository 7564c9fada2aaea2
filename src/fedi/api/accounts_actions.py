"""Signing up through an app."""

import msgspec

from fedi.api.entities.oauth import Token, token
from fedi.api.errors import Detail, ForbiddenError, InvalidError
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.commands import accounts
from fedi.commands.accounts import SignUp, SignUpRefused
from fedi.registry import tokens


class NewAccount(msgspec.Struct, frozen=True, kw_only=True):
    username: str = ""
    email: str = ""
    password: str = ""
    agreement: bool = False
    locale: str | None = None
    reason: str | None = None


@route("POST", "/api/v1/accounts", scope="write:accounts", auth="app")
async def sign_up(request: ApiRequest, params: NewAccount) -> Token:
    """Make a login with an account; the app gets a token with its own token's scopes."""
    settings = request.deps.settings
    viewer = request.viewer
    if viewer is None or viewer.user_id is not None or settings.registrations == "closed":
        raise ForbiddenError
    wish = SignUp(
        username=params.username,
        email=params.email,
        password=params.password,
        agreement=params.agreement,
        locale=params.locale,
        confirmed=not settings.confirm_email,
        approved=settings.registrations == "open",
    )
    try:
        signed_up = await accounts.sign_up(request.deps.commands, wish)
    except SignUpRefused as refused:
        raise _invalid(refused) from None
    await request.deps.written.note(signed_up.user.account_id, signed_up.position)
    async with request.deps.pool.connection() as connection:
        issued = await tokens.issue(
            connection,
            settings.secret_key_base,
            app_id=viewer.app_id,
            user_id=signed_up.user.id,
            scopes=viewer.scopes,
        )
    return token(issued)


def _invalid(refused: SignUpRefused) -> InvalidError:
    details: dict[str, list[Detail]] = {}
    for problem in refused.problems:
        details.setdefault(problem.field, []).append(Detail(problem.code, problem.description))
    return InvalidError(str(refused).removeprefix("Validation failed: "), details)
