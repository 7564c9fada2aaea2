"""Our two cookies: the session's, and the one that forms are tied to before there is a session.

Neither can be read by scripts, is sent with other sites' posts, or (over https) can be set by a neighbouring host.
"""

from datetime import timedelta
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from fedi.web.parts import Parts

Cookie = Literal["session", "form"]


def read_cookie(request: Request, parts: Parts, cookie: Cookie) -> str | None:
    """Return a cookie's value, if the browser sent one."""
    return request.cookies.get(_name(parts, cookie)) or None


def set_cookie(response: Response, parts: Parts, cookie: Cookie, value: str, life: timedelta) -> None:
    """Give the browser a cookie."""
    response.set_cookie(
        _name(parts, cookie),
        value,
        max_age=int(life.total_seconds()),
        path="/",
        secure=parts.site.https,
        httponly=True,
        samesite="lax",
    )


def drop_cookie(response: Response, parts: Parts, cookie: Cookie) -> None:
    """Take a cookie back."""
    response.delete_cookie(_name(parts, cookie), path="/", secure=parts.site.https, httponly=True, samesite="lax")


def _name(parts: Parts, cookie: Cookie) -> str:
    return f"{'__Host-' if parts.site.https else ''}fedi_{cookie}"
