"""How pages are made: templates, security headers, and what people see when something fails.

No page needs a script, and none may run one. `form-action` is left open on purpose: browsers apply it to the redirects
that follow a form, and consent redirects to the app.
"""

import hashlib
import logging
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from psycopg import OperationalError
from psycopg_pool import PoolTimeout
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from fedi.errors import ClientError, NotFoundError, Unavailable, is_full
from fedi.services.storage_choice import media_origin
from fedi.sql import OTHER_VIEWS
from fedi.web.parts import Parts

log = logging.getLogger(__name__)

Page = Callable[[Request, Parts], Awaitable[Response]]

_POLICY = (
    "default-src 'none'; manifest-src 'self'; style-src 'self'; img-src {files}; media-src {files}; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": _POLICY.format(files="'self'"),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
ASSETS = Path(__file__).parent / "assets"
STYLESHEET = "site.css"
ICON = "icon.svg"


def render(parts: Parts, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page made from a template."""
    assets = {"stylesheet": asset_url(STYLESHEET), "icon": asset_url(ICON)}
    text = _environment().get_template(template).render(site=parts.site, **assets, **values)
    return HTMLResponse(text, status_code=status, headers=_headers(parts))


def _headers(parts: Parts) -> dict[str, str]:
    """Where files have a host of their own, pages may show what is there."""
    files = media_origin(parts.settings)
    return HEADERS | {"Content-Security-Policy": _POLICY.format(files=f"'self' {files}")} if files else HEADERS


def redirect(url: str) -> RedirectResponse:
    """Send a browser elsewhere; it will GET. The address must have been judged before."""
    response = RedirectResponse(url, status_code=302, headers=HEADERS)
    response.headers["location"] = url  # exactly as given: Starlette quotes, and apps compare
    return response


def page(
    parts: Parts, path: str, handler: Page, methods: tuple[str, ...] = ("GET",), kind: type[Route] = Route
) -> Route:
    """Return the route of a page; what fails in its handler becomes a page too."""

    async def endpoint(request: Request) -> Response:
        try:
            return await handler(request, parts)
        except Exception as error:  # whatever it is, people get a page and we get a line in the log
            return _failure(parts, error)

    return kind(path, endpoint, methods=list(methods))


def asset(name: str, media_type: str) -> Route:
    """Return the route of a file that comes with the program."""

    async def endpoint(_: Request) -> Response:
        headers = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
        return Response((ASSETS / name).read_bytes(), media_type=media_type, headers=headers)

    return Route(asset_url(name), endpoint)


@cache
def asset_url(name: str) -> str:
    """Return the path of a file that comes with the program, which changes with its content."""
    file = ASSETS / name
    return f"/assets/{hashlib.sha256(file.read_bytes()).hexdigest()[:16]}{file.suffix}"


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _failure(parts: Parts, error: Exception) -> Response:
    if isinstance(error, OSError) and is_full(error):
        error = Unavailable(f"a disk is full: {error}")
    match error:
        case NotFoundError():
            text = "There is nothing at this address, or nothing that everybody may see."
            return render(parts, "failure.html", status=error.status, title="Not found", text=text)
        case ClientError():
            return render(parts, "failure.html", status=error.status, title="That did not work", text=str(error))
        case _ if isinstance(error, (Unavailable, OperationalError, PoolTimeout, *OTHER_VIEWS)):
            log.warning("a store is away: %s", error)
            text = "The server cannot do this at the moment. Please try again in a little while."
            response = render(parts, "failure.html", status=503, title="One moment", text=text)
            response.headers["Retry-After"] = str(Unavailable.retry_after)
            return response
    log.error("a page failed", exc_info=error)
    text = "Something went wrong on our side, and we have taken note of it."
    return render(parts, "failure.html", status=500, title="Our fault", text=text)
