"""Two-factor sign-in: switching it on with a first code, its recovery codes, and switching it off."""

from typing import Any

import pyotp
from starlette.requests import Request
from starlette.responses import Response

from fedi.registry import second_factor
from fedi.registry.sessions import Session
from fedi.registry.users import User
from fedi.services.mailer import SendLetter
from fedi.web.credentials import WRONG_PASSWORD, is_owner
from fedi.web.forms import read_form, render_form
from fedi.web.guards import limit_changes
from fedi.web.pages import redirect
from fedi.web.parts import Parts
from fedi.web.places import TWO_FACTOR
from fedi.web.second_step import accepts_code
from fedi.web.sign_in import CODE_IS_WRONG


async def show_two_factor(request: Request, parts: Parts, session: Session) -> Response:
    """Say whether it is on, and how to change that."""
    return _show(request, parts, session.user)


async def do_two_factor(request: Request, parts: Parts, session: Session) -> Response:
    """Begin, switch on, switch off, or make new recovery codes. Every way wants the password or a code."""
    form = dict(await read_form(request, parts))
    act, user = form.get("act", ""), session.user
    if act == "enable":
        await limit_changes(parts, session)
        return await _enable(request, parts, user, form.get("code", ""))
    if not await is_owner(parts, session, form):
        return _show(request, parts, user, problem=WRONG_PASSWORD)
    if act == "begin" and user.otp_enabled_at is None:
        return await _begin(request, parts, user)
    if act == "disable" and user.otp_enabled_at is not None:
        return await _disable(parts, user)
    if act == "renew" and user.otp_enabled_at is not None:
        return await _renew(request, parts, user)
    return redirect(TWO_FACTOR)


async def _begin(request: Request, parts: Parts, user: User) -> Response:
    async with parts.pool.connection() as connection:
        secret = await second_factor.prepare(connection, parts.settings.secret_key_base, user.id)
    return _scan(request, parts, user, secret)


async def _enable(request: Request, parts: Parts, user: User, code: str) -> Response:
    secret = second_factor.secret_of(user, parts.settings.secret_key_base)
    if secret is None or user.otp_enabled_at is not None:
        return redirect(TWO_FACTOR)
    if not await accepts_code(parts, user, code):
        return _scan(request, parts, user, secret, problem=CODE_IS_WRONG)
    async with parts.pool.connection() as connection, connection.transaction():
        codes = await second_factor.enable(connection, user.id, parts.clock())
        await parts.commands.jobs.put(SendLetter(user_id=user.id, letter="two_factor_enabled"), connection=connection)
    return render_form(request, parts, "two_factor_codes.html", codes=codes)


async def _disable(parts: Parts, user: User) -> Response:
    async with parts.pool.connection() as connection, connection.transaction():
        await second_factor.disable(connection, user.id)
        await parts.commands.jobs.put(SendLetter(user_id=user.id, letter="two_factor_disabled"), connection=connection)
    return redirect(TWO_FACTOR)


async def _renew(request: Request, parts: Parts, user: User) -> Response:
    async with parts.pool.connection() as connection, connection.transaction():
        codes = await second_factor.renew_recovery_codes(connection, user.id)
        await parts.commands.jobs.put(
            SendLetter(user_id=user.id, letter="recovery_codes_changed"), connection=connection
        )
    return render_form(request, parts, "two_factor_codes.html", codes=codes)


def _scan(request: Request, parts: Parts, user: User, secret: str, *, problem: str | None = None) -> Response:
    import segno  # 0.8 MB: only who draws a code pays

    uri = pyotp.TOTP(secret).provisioning_uri(
        name=f"{user.username}@{parts.site.domain}", issuer_name=parts.site.domain
    )
    picture = segno.make(uri, error="m").svg_inline(scale=5, dark="#000", light="#fff", border=3)
    return _page(request, parts, "two_factor_scan.html", problem=problem, secret=secret, picture=picture)


def _show(request: Request, parts: Parts, user: User, *, problem: str | None = None) -> Response:
    return _page(request, parts, "two_factor.html", problem=problem, enabled=user.otp_enabled_at is not None)


def _page(request: Request, parts: Parts, template: str, **values: Any) -> Response:
    return render_form(request, parts, template, status=422 if values["problem"] else 200, **values)
