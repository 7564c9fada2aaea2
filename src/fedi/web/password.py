"""A forgotten password: a link by mail, and a new one. Whether an address is known here shows nowhere."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from fedi.commands import credentials
from fedi.commands.accounts import SignUpRefused
from fedi.web.forms import read_form, read_query, render_form
from fedi.web.guards import limit_attempts, limit_mails
from fedi.web.pages import redirect, render
from fedi.web.parts import Parts
from fedi.web.places import EDIT, FORGOTTEN, SIGN_IN

_ASK: dict[str, Any] = {"title": "A new password", "action": FORGOTTEN, "button": "Send me a link"}


async def show_forgotten(request: Request, parts: Parts) -> Response:
    """Ask where to send the link."""
    return render_form(request, parts, "ask_for_mail.html", **_ASK)


async def do_forgotten(request: Request, parts: Parts) -> Response:
    """Have a link sent, if somebody has the address; the answer is the same if nobody does."""
    email = dict(await read_form(request, parts)).get("email", "").strip()
    await limit_attempts(request, parts)
    await limit_mails(parts, email)
    await credentials.forgot_password(parts.commands, email)
    text = "If somebody here has this address, a mail with a link is on its way. It is good for six hours."
    return render(parts, "failure.html", title="Look into your mailbox", text=text)


async def show_choose(request: Request, parts: Parts) -> Response:
    """Ask for the new password."""
    return _choose(request, parts, dict(read_query(request)).get("reset_password_token", ""))


async def do_choose(request: Request, parts: Parts) -> Response:
    """Set the new password, which ends every session, token and code; then people sign in with it."""
    form = dict(await read_form(request, parts))
    await limit_attempts(request, parts)
    secret, password = form.get("reset_password_token", ""), form.get("password", "")
    if password != form.get("password_again", ""):
        return _choose(request, parts, secret, "The two passwords are not the same.")
    try:
        done = await credentials.reset_password(parts.commands, parts.redis, secret, password)
    except SignUpRefused as refused:
        return _choose(request, parts, secret, f"The password {refused.problems[0].description}.")
    if not done:
        return _choose(request, parts, "", "This link is no good any more. Please ask for another one.")
    return redirect(SIGN_IN)


async def lead_to_change(_: Request, __: Parts) -> Response:
    """Where password managers look (https://w3c.github.io/webappsec-change-password-url/)."""
    return redirect(EDIT)


def _choose(request: Request, parts: Parts, secret: str, problem: str | None = None) -> Response:
    status = 422 if problem else 200
    return render_form(request, parts, "choose_password.html", status=status, secret=secret, problem=problem)
