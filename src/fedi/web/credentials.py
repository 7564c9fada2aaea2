"""Changing one's own password and address. Both want the present password: a session may be somebody else's fingers."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from fedi.commands import credentials
from fedi.commands.accounts import SignUpRefused
from fedi.registry.passwords import LENGTH, password_matches
from fedi.registry.sessions import Session
from fedi.web.forms import read_form, render_form
from fedi.web.guards import limit_changes, limit_mails
from fedi.web.parts import Parts
from fedi.web.places import EDIT
from fedi.web.sign_in import enter

WRONG_PASSWORD = "The present password is wrong."


async def is_owner(parts: Parts, session: Session, form: Mapping[str, str]) -> bool:
    """Tell whether a form has the present password. Raises TooManyRequestsError when it is tried too often."""
    await limit_changes(parts, session)
    password = form.get("current_password", "")
    return await password_matches(session.user.password_hash, password[: LENGTH.stop])


async def show_edit(request: Request, parts: Parts, session: Session) -> Response:
    """Show the address, and ask for what is to change."""
    return _show(request, parts, session)


async def do_edit(request: Request, parts: Parts, session: Session) -> Response:
    """Change the password, which signs everybody else out, or have another address confirmed."""
    form = dict(await read_form(request, parts))
    if not await is_owner(parts, session, form):
        return _show(request, parts, session, problem=WRONG_PASSWORD)
    try:
        if form.get("email"):
            return await _change_email(request, parts, session, form["email"].strip())
        return await _change_password(request, parts, session, form)
    except SignUpRefused as refused:
        problem = refused.problems[0]
        return _show(request, parts, session, problem=f"The {problem.field} {problem.description}.")


async def _change_email(request: Request, parts: Parts, session: Session, email: str) -> Response:
    await limit_mails(parts, email)
    await credentials.ask_for_email(parts.commands, session.user, email)
    return _show(request, parts, session, done=f"We have sent a link to {email}: open it to make the change.")


async def _change_password(request: Request, parts: Parts, session: Session, form: dict[str, str]) -> Response:
    password = form.get("password", "")
    if password != form.get("password_again", ""):
        return _show(request, parts, session, problem="The two passwords are not the same.")
    await credentials.set_password(parts.commands, parts.redis, session.user, password)
    return await enter(request, parts, session.user, EDIT)


def _show(
    request: Request, parts: Parts, session: Session, *, problem: str | None = None, done: str | None = None
) -> Response:
    status = 422 if problem else 200
    return render_form(request, parts, "edit.html", status=status, email=session.user.email, problem=problem, done=done)
