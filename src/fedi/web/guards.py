"""What stands before a page: a sign-in, and limits on how often something may be tried."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from fedi.callers import block_of, caller_address
from fedi.registry import sessions
from fedi.registry.addresses import mailbox
from fedi.registry.sessions import Session
from fedi.services.limiter import ATTEMPTS, LOOKUPS, MAILS, PASSWORD_CHANGES
from fedi.web.cookies import read_cookie
from fedi.web.pages import HEADERS, Page, redirect
from fedi.web.parts import Parts
from fedi.web.places import sign_in_address

OwnPage = Callable[[Request, Parts, Session], Awaitable[Response]]


async def current_session(request: Request, parts: Parts) -> Session | None:
    """Return the session behind a request's cookie, if it lives."""
    cookie = read_cookie(request, parts, "session")
    if cookie is None:
        return None
    async with parts.pool.connection() as connection:
        return await sessions.find(connection, cookie, parts.clock())


def for_oneself(handler: OwnPage) -> Page:
    """Let only people who are signed in see a page; others sign in first and come back."""

    async def guarded(request: Request, parts: Parts) -> Response:
        session = await current_session(request, parts)
        if session is None:
            return redirect(sign_in_address(_onwards(request)))
        return await handler(request, parts, session)

    return guarded


def for_members(handler: Page) -> Page:
    """Let only people who are signed in see a public page, where this server shows nothing to strangers."""

    async def guarded(request: Request, parts: Parts) -> Response:
        if not parts.settings.limited_federation_mode:
            return await handler(request, parts)
        if await current_session(request, parts) is None:
            return redirect(sign_in_address(_onwards(request)))
        response = await handler(request, parts)
        response.headers["Cache-Control"] = HEADERS["Cache-Control"]  # or a proxy would show it to strangers
        return response

    return guarded


def _onwards(request: Request) -> str:
    """Return the page that was asked for; what was sent to one is not sent again."""
    query = request.scope["query_string"].decode("latin-1")
    return f"{request.url.path}?{query}" if query and request.method == "GET" else request.url.path


def address_of(request: Request, parts: Parts) -> str | None:
    """Return the address of the caller, behind whatever proxies are trusted."""
    peer = request.client.host if request.client else None
    return caller_address(peer, request.headers.getlist("x-forwarded-for"), parts.settings.trusted_proxy_ip)


async def limit_attempts(request: Request, parts: Parts) -> None:
    """Raises TooManyRequestsError when an address tries too often."""
    address = address_of(request, parts)
    if parts.limiter is not None and address is not None:
        await parts.limiter.require((ATTEMPTS, block_of(address)))


async def limit_mails(parts: Parts, email: str) -> None:
    """Raises TooManyRequestsError when a mailbox was written to too often, by whoever's wish."""
    if parts.limiter is not None:
        await parts.limiter.require((MAILS, mailbox(email)))


async def limit_changes(parts: Parts, session: Session) -> None:
    """Raises TooManyRequestsError when a person's password is tried or changed too often."""
    if parts.limiter is not None:
        await parts.limiter.require((PASSWORD_CHANGES, str(session.user.id)))


async def limit_lookups(parts: Parts, session: Session) -> None:
    """Raises TooManyRequestsError when a person has too much looked up on other servers."""
    if parts.limiter is not None:
        await parts.limiter.require((LOOKUPS, str(session.user.id)))
