"""The home of one's own settings: who is signed in where, and which apps were let in."""

from starlette.requests import Request
from starlette.responses import Response

from fedi.errors import NotFoundError
from fedi.registry import sessions, tokens
from fedi.registry.kill import kill_tokens
from fedi.registry.sessions import Session
from fedi.web.forms import read_form, render_form
from fedi.web.pages import redirect
from fedi.web.parts import Parts
from fedi.web.places import APPS, SETTINGS
from fedi.web.scope_words import in_words


async def show_settings(request: Request, parts: Parts, session: Session) -> Response:
    """Where to change what, and every place where one is signed in."""
    async with parts.pool.connection() as connection:
        places = await sessions.of_user(connection, session.user.id, parts.clock())
    return render_form(request, parts, "settings.html", user=session.user, places=places, here=session.id)


async def end_session(request: Request, parts: Parts, session: Session) -> Response:
    """Sign out somewhere else."""
    await read_form(request, parts)
    async with parts.pool.connection() as connection:
        if not await sessions.close_one(connection, session.user.id, _number(request)):
            raise NotFoundError
    return redirect(SETTINGS)


async def show_apps(request: Request, parts: Parts, session: Session) -> Response:
    """Every app that may act for oneself."""
    async with parts.pool.connection() as connection:
        found = await tokens.apps_of_user(connection, session.user.id)
    apps = [(app, in_words(app.scopes)) for app in found]
    return render_form(request, parts, "authorized_applications.html", apps=apps)


async def end_app(request: Request, parts: Parts, session: Session) -> Response:
    """Take back everything that an app was given."""
    await read_form(request, parts)
    async with parts.pool.connection() as connection:
        ended = await tokens.revoke_of_app(connection, session.user.id, _number(request))
    if not ended:
        raise NotFoundError
    await kill_tokens(parts.redis, ended)
    return redirect(APPS)


def _number(request: Request) -> int:
    text: str = request.path_params["id"]
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise NotFoundError
    return int(text)
