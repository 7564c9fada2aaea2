"""Signing in and out."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from fedi.callers import caller_address
from fedi.errors import ClientError
from fedi.registry import sessions
from fedi.registry.sign_in import Attempt, sign_in
from fedi.registry.users import User
from fedi.web.cookies import drop_cookie, read_cookie, set_cookie
from fedi.web.forms import read_form, read_query, render_form
from fedi.web.pages import redirect
from fedi.web.parts import Parts

PATH = "/auth/sign_in"


async def current_session(request: Request, parts: Parts) -> sessions.Session | None:
    """Return the session behind a request's cookie, if it lives."""
    cookie = read_cookie(request, parts, "session")
    if cookie is None:
        return None
    async with parts.pool.connection() as connection:
        return await sessions.find(connection, cookie, parts.clock())


def sign_in_address(onwards: str) -> str:
    """Return the address of the sign-in page that leads on to a path of ours afterwards."""
    return f"{PATH}?{urlencode({'next': onwards})}"


async def show_sign_in(request: Request, parts: Parts) -> Response:
    """Ask for name and password."""
    onwards = _local(dict(read_query(request)).get("next", "/"))
    return render_form(request, parts, "sign_in.html", login="", next=onwards, problem=None)


async def do_sign_in(request: Request, parts: Parts) -> Response:
    """Start a session, under a new cookie each time, and lead on."""
    form = dict(await read_form(request, parts))
    login, onwards = form.get("login", ""), _local(form.get("next", "/"))
    attempt = Attempt(login=login, password=form.get("password", ""), address=_address(request, parts))
    try:
        user = await sign_in(parts.pool, parts.redis, attempt, limited=parts.settings.rate_limits)
        problem = _problem(user)
    except ClientError as error:
        user, problem = None, str(error)
    if user is None or problem is not None:
        return render_form(request, parts, "sign_in.html", status=422, login=login, next=onwards, problem=problem)
    cookie = await _open_session(request, parts, user)
    response = redirect(onwards)
    set_cookie(response, parts, "session", cookie, sessions.LIFE)
    drop_cookie(response, parts, "form")
    return response


async def do_sign_out(request: Request, parts: Parts) -> Response:
    """End the session, here and in the registry."""
    form = dict(await read_form(request, parts))
    await _close_session(request, parts)
    response = redirect(sign_in_address(_local(form.get("next", "/"))))
    drop_cookie(response, parts, "session")
    return response


async def _open_session(request: Request, parts: Parts, user: User) -> str:
    await _close_session(request, parts)
    async with parts.pool.connection() as connection:
        return await sessions.open_session(
            connection,
            parts.clock(),
            user_id=user.id,
            ip=_address(request, parts),
            user_agent=request.headers.get("user-agent", ""),
        )


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


def _address(request: Request, parts: Parts) -> str | None:
    peer = request.client.host if request.client else None
    return caller_address(peer, request.headers.getlist("x-forwarded-for"), parts.settings.trusted_proxy_ip)
