"""Signing in and out."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from fedi.errors import ClientError
from fedi.registry import devices, sessions
from fedi.registry.sign_in import Attempt, sign_in
from fedi.registry.users import User
from fedi.services.mailer import SendLetter
from fedi.web.cookies import drop_cookie, read_cookie, set_cookie
from fedi.web.forms import read_form, read_query, render_form
from fedi.web.guards import address_of
from fedi.web.pages import redirect
from fedi.web.parts import Parts
from fedi.web.places import sign_in_address
from fedi.web.second_step import accepts_code, first_step_done, whose_first_step

CODE_IS_WRONG = "This code is wrong, or was used already."


class SignInPage(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows; with `carried` it is the second step's."""

    next: str
    login: str = ""
    problem: str | None = None
    carried: str | None = None


async def show_sign_in(request: Request, parts: Parts) -> Response:
    """Ask for name and password."""
    return _show(request, parts, SignInPage(next=_local(dict(read_query(request)).get("next", "/"))))


async def do_sign_in(request: Request, parts: Parts) -> Response:
    """Start a session, under a new cookie each time, and lead on; who has a second factor is asked for it first."""
    form = dict(await read_form(request, parts))
    page = SignInPage(login=form.get("login", ""), next=_local(form.get("next", "/")))
    if "carried" in form:
        return await _second_step(request, parts, form, page)
    attempt = Attempt(login=page.login, password=form.get("password", ""), address=address_of(request, parts))
    try:
        user = await sign_in(parts.pool, parts.redis, attempt, limited=parts.settings.rate_limits)
        problem = _problem(user)
    except ClientError as error:
        user, problem = None, str(error)
    if user is None or problem is not None:
        return _show(request, parts, msgspec.structs.replace(page, problem=problem), 422)
    if user.otp_enabled_at is not None:
        carried = first_step_done(request, parts, user)
        return _show(request, parts, msgspec.structs.replace(page, carried=carried))
    return await enter(request, parts, user, page.next)


async def do_sign_out(request: Request, parts: Parts) -> Response:
    """End the session, here and in the registry."""
    form = dict(await read_form(request, parts))
    await _close_session(request, parts)
    response = redirect(sign_in_address(_local(form.get("next", "/"))))
    drop_cookie(response, parts, "session")
    return response


async def enter(request: Request, parts: Parts, user: User, onwards: str) -> Response:
    """Open a session for somebody who proved who they are, and lead on."""
    cookie = await _open_session(request, parts, user)
    response = redirect(onwards)
    set_cookie(response, parts, "session", cookie, sessions.LIFE)
    drop_cookie(response, parts, "form")
    return response


async def _second_step(request: Request, parts: Parts, form: dict[str, str], page: SignInPage) -> Response:
    user = await whose_first_step(request, parts, form["carried"])
    if user is None:
        expired = msgspec.structs.replace(page, problem="That took too long. Please begin again.")
        return _show(request, parts, expired, 422)
    try:
        right = await accepts_code(parts, user, form.get("code", ""))
        problem = CODE_IS_WRONG
    except ClientError as error:
        right, problem = False, str(error)
    if not right:
        again = msgspec.structs.replace(page, carried=first_step_done(request, parts, user), problem=problem)
        return _show(request, parts, again, 422)
    return await enter(request, parts, user, page.next)


def _show(request: Request, parts: Parts, page: SignInPage, status: int = 200) -> Response:
    return render_form(request, parts, "sign_in.html", status=status, page=page, open=_open_to_all(parts))


def _open_to_all(parts: Parts) -> bool:
    return parts.settings.registrations != "closed"


async def _open_session(request: Request, parts: Parts, user: User) -> str:
    await _close_session(request, parts)
    address, user_agent = address_of(request, parts), request.headers.get("user-agent", "")[:500]
    moment = parts.clock()
    async with parts.pool.connection() as connection, connection.transaction():
        strange = await devices.is_strange(connection, moment, user_id=user.id, address=address, user_agent=user_agent)
        if strange:
            values = {
                "address": address or "unknown",
                "browser": user_agent or "unknown",
                "at": moment.strftime("%-d %B %Y, %H:%M UTC"),
            }
            await parts.commands.jobs.put(
                SendLetter(user_id=user.id, letter="new_sign_in", values=values), connection=connection
            )
        return await sessions.open_session(connection, moment, user_id=user.id, ip=address, user_agent=user_agent)


async def _close_session(request: Request, parts: Parts) -> None:
    cookie = read_cookie(request, parts, "session")
    if cookie is not None:
        async with parts.pool.connection() as connection:
            await sessions.close(connection, cookie)


def _problem(user: User | None) -> str | None:
    if user is None:
        return "This name and password do not belong together."
    if user.confirmed_at is None:
        return "Please confirm your e-mail address first; we have sent you a link."
    if not user.approved:
        return "Your account is still waiting for approval."
    return None


def _local(path: str) -> str:
    """A path of ours, or the front page: never an address somewhere else (open redirect)."""
    harmless = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if harmless and path.isascii() and path.isprintable() else "/"
