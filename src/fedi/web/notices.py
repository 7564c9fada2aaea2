"""Choosing of what one gets a mail while away."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from fedi.registry import users
from fedi.registry.sessions import Session
from fedi.registry.users import MAILED, Preferences
from fedi.web.forms import read_form, render_form
from fedi.web.pages import redirect
from fedi.web.parts import Parts
from fedi.web.places import NOTICES, SETTINGS

_WORDS = {
    "mention": "Somebody mentions you",
    "follow": "Somebody follows you",
    "follow_request": "Somebody asks to follow you",
    "reblog": "Somebody boosts your post",
    "favourite": "Somebody favourites your post",
}


async def show_notices(request: Request, parts: Parts, session: Session) -> Response:
    """Show what is chosen."""
    chosen = session.user.preferences.mails
    kinds = [(kind, _WORDS[kind], kind in chosen) for kind in MAILED]
    return render_form(request, parts, "notices.html", action=NOTICES, kinds=kinds)


async def do_notices(request: Request, parts: Parts, session: Session) -> Response:
    """Keep what is chosen."""
    form = await read_form(request, parts)
    given = {name for name, _ in form}
    mails = tuple(kind for kind in MAILED if kind in given)
    preferences: Preferences = msgspec.structs.replace(session.user.preferences, mails=mails)
    async with parts.pool.connection() as connection:
        await users.set_preferences(connection, session.user.id, preferences)
    return redirect(SETTINGS)
