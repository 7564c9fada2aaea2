"""Signing up through an app."""

from datetime import date

import msgspec

from fedi.api.entities.oauth import Token, token
from fedi.api.errors import Detail, ForbiddenError, InvalidError
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.commands import admission
from fedi.commands.accounts import SignUpRefused
from fedi.commands.admission import Applicant
from fedi.registry import tokens


class NewAccount(msgspec.Struct, frozen=True, kw_only=True):
    username: str = ""
    email: str = ""
    password: str = ""
    agreement: bool = False
    locale: str | None = None
    reason: str | None = None
    invite_code: str | None = None
    date_of_birth: str | None = None


@route("POST", "/api/v1/accounts", scope="write:accounts", auth="app")
async def sign_up(request: ApiRequest, params: NewAccount) -> Token:
    """Make a login with an account; the app gets a token with its own token's scopes."""
    settings = request.deps.settings
    viewer = request.viewer
    if viewer is None or viewer.user_id is not None:
        raise ForbiddenError
    applicant = Applicant(
        username=params.username,
        email=params.email,
        password=params.password,
        agreement=params.agreement,
        locale=params.locale,
        reason=params.reason or "",
        invite_code=params.invite_code or "",
        date_of_birth=day(params.date_of_birth or ""),
        app_id=viewer.app_id,
    )
    try:
        signed_up = await admission.admit(request.deps.commands, settings, applicant)
    except SignUpRefused as refused:
        raise invalid(refused) from None
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


def day(text: str) -> date | None:
    """Return a date as clients send it, `2000-01-31`; None if it is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def invalid(refused: SignUpRefused) -> InvalidError:
    """Return what clients are told of a refused sign-up."""
    details: dict[str, list[Detail]] = {}
    for problem in refused.problems:
        details.setdefault(problem.field, []).append(Detail(problem.code, problem.description))
    return InvalidError(str(refused).removeprefix("Validation failed: "), details)
