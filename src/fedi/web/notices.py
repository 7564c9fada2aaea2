"""Choosing of what one gets a mail while away; ending one kind from the mail itself needs no sign-in (RFC 8058)."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from fedi.errors import NotFoundError
from fedi.registry import mail_choices, users
from fedi.registry.mail_choices import Ending
from fedi.registry.sessions import Session
from fedi.registry.users import MAILED, MAILED_TO_STAFF, MailKind, Preferences
from fedi.web.forms import read_form, read_query, render_form
from fedi.web.pages import redirect, render
from fedi.web.parts import Parts
from fedi.web.places import NOTICES, SETTINGS, UNSUBSCRIBE

_WORDS: dict[MailKind, str] = {
    "mention": "Somebody mentions you",
    "quote": "Somebody quotes your post",
    "follow": "Somebody follows you",
    "follow_request": "Somebody asks to follow you",
    "reblog": "Somebody boosts your post",
    "favourite": "Somebody favourites your post",
    "poll": "A poll that you made or voted in has ended",
    "admin.sign_up": "Somebody signs up here",
    "admin.report": "Somebody reports somebody",
}


async def show_notices(request: Request, parts: Parts, session: Session) -> Response:
    """Show what is chosen."""
    chosen = session.user.preferences.mails
    kinds = [(kind, _WORDS[kind], kind in chosen) for kind in _offered(session)]
    return render_form(request, parts, "notices.html", action=NOTICES, kinds=kinds)


async def do_notices(request: Request, parts: Parts, session: Session) -> Response:
    """Keep what is chosen."""
    form = await read_form(request, parts)
    given = {name for name, _ in form}
    mails = tuple(kind for kind in _offered(session) if kind in given)
    preferences: Preferences = msgspec.structs.replace(session.user.preferences, mails=mails)
    async with parts.pool.connection() as connection:
        await users.set_preferences(connection, session.user.id, preferences)
    return redirect(SETTINGS)


async def show_unsubscribe(request: Request, parts: Parts) -> Response:
    """Ask whether mail of a kind is to end: whoever looks at links before a person does must change nothing."""
    ending = _ending(request, parts)
    action = f"{UNSUBSCRIBE}?{request.url.query}"
    return render(parts, "unsubscribe.html", action=action, words=_WORDS[ending.kind], done=False)


async def do_unsubscribe(request: Request, parts: Parts) -> Response:
    """End mail of a kind. The secret in the address suffices: mail programs have no cookies of ours."""
    ending = _ending(request, parts)
    async with parts.pool.connection() as connection:
        await mail_choices.end(connection, ending)
    return render(parts, "unsubscribe.html", action="", words=_WORDS[ending.kind], done=True)


def _ending(request: Request, parts: Parts) -> Ending:
    text = dict(read_query(request)).get("token", "")
    found = mail_choices.read_token(parts.settings.secret_key_base, text)
    if found is None:
        raise NotFoundError
    return found


def _offered(session: Session) -> tuple[MailKind, ...]:
    return tuple(kind for kind in MAILED if kind not in MAILED_TO_STAFF or session.user.role != "user")
