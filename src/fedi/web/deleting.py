"""Deleting one's own account: for good, and only with the password."""

from starlette.requests import Request
from starlette.responses import Response

from fedi.commands import leaving
from fedi.registry import kill
from fedi.registry.sessions import Session
from fedi.web.cookies import drop_cookie
from fedi.web.credentials import WRONG_PASSWORD, is_owner
from fedi.web.forms import read_form, render_form
from fedi.web.moving import own_account
from fedi.web.pages import render
from fedi.web.parts import Parts

_GONE = "The account is deleted with its posts, and everybody who knew it is told."


async def show_deleting(request: Request, parts: Parts, session: Session) -> Response:
    """Say what is lost, and ask for the password."""
    return _show(request, parts, session)


async def do_deleting(request: Request, parts: Parts, session: Session) -> Response:
    """Delete the account with all that is its own."""
    form = dict(await read_form(request, parts))
    if not await is_owner(parts, session, form):
        return _show(request, parts, session, problem=WRONG_PASSWORD)
    owner = await own_account(parts, session)
    await leaving.delete_account(parts.commands, owner)
    await kill.kill_account(parts.redis, owner.id)
    response = render(parts, "failure.html", title="Goodbye", text=_GONE)
    drop_cookie(response, parts, "session")
    return response


def _show(request: Request, parts: Parts, session: Session, *, problem: str | None = None) -> Response:
    status = 422 if problem else 200
    return render_form(request, parts, "deleting.html", status=status, problem=problem, user=session.user)
