"""Signing up, and confirming the address."""

from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from fedi.commands import admission, credentials
from fedi.commands.accounts import SignUpRefused
from fedi.commands.admission import Applicant
from fedi.errors import NotFoundError
from fedi.web.forms import read_form, read_query, render_form
from fedi.web.guards import limit_attempts, limit_mails
from fedi.web.pages import redirect, render
from fedi.web.parts import Parts
from fedi.web.places import SIGN_UP
from fedi.web.sign_in import enter

_OUTCOMES = {
    "confirmed": ("Your address is confirmed", "You can use your account now, here and in any Mastodon app."),
    "taken": ("Somebody else has this address", "It was given to another account meanwhile."),
    "expired": ("This link is no good any more", "It was used already, or is too old. You can have another one sent."),
}


async def show_sign_up(request: Request, parts: Parts) -> Response:
    """Ask for what it takes to sign up."""
    code = dict(read_query(request)).get("invite_code", "")
    return await _show(request, parts, {"invite_code": code})


async def do_sign_up(request: Request, parts: Parts) -> Response:
    """Make the account; who needs nothing more is signed in at once."""
    form = dict(await read_form(request, parts))
    await limit_attempts(request, parts)
    try:
        signed_up = await admission.admit(parts.commands, parts.settings, _applicant(form))
    except SignUpRefused as refused:
        return await _show(request, parts, form, refused)
    user = signed_up.user
    if user.functional:
        return await enter(request, parts, user, "/")
    waits = "We have sent a link to your address: open it to confirm that it is yours."
    if user.confirmed_at is not None:
        waits = "Your request was noted. You will get a mail as soon as somebody has approved it."
    return render(parts, "failure.html", title="One more step", text=waits)


async def show_invite(request: Request, parts: Parts) -> Response:
    """Lead to the sign-up with an invite; apps get it as JSON."""
    code = request.path_params["code"]
    usable = await admission.usable_invite(parts.commands, code)
    if "application/json" in request.headers.get("accept", ""):
        if not usable:
            return JSONResponse({"error": "This invite is not valid"}, status_code=401)
        instance = f"{parts.site.base_url}/api/v2/instance"
        return JSONResponse({"invite_code": code, "instance_api_url": instance})
    if not usable:
        raise NotFoundError
    return redirect(f"{SIGN_UP}?invite_code={code}")


async def show_confirmation(request: Request, parts: Parts) -> Response:
    """Confirm the address that a link was sent to. Who only looks (HEAD) uses nothing up."""
    secret = dict(read_query(request)).get("confirmation_token", "")
    outcome = await credentials.confirm_email(parts.commands, secret) if request.method == "GET" else "expired"
    title, text = _OUTCOMES[outcome]
    status = 200 if outcome == "confirmed" else 422
    return render(parts, "confirmation.html", status=status, title=title, text=text, confirmed=outcome == "confirmed")


async def show_confirm_again(request: Request, parts: Parts) -> Response:
    """Ask where to send the confirmation again."""
    return render_form(request, parts, "ask_for_mail.html", **_ASK)


async def do_confirm_again(request: Request, parts: Parts) -> Response:
    """Send the confirmation again, if somebody waits for it; the answer is the same if nobody does."""
    email = dict(await read_form(request, parts)).get("email", "").strip()
    await limit_attempts(request, parts)
    await limit_mails(parts, email)
    await credentials.confirm_again(parts.commands, email)
    text = "If somebody with this address still has to confirm it, a mail with a link is on its way."
    return render(parts, "failure.html", title="Look into your mailbox", text=text)


_ASK: dict[str, Any] = {
    "title": "Confirm your address",
    "action": "/auth/confirmation/new",
    "button": "Send the link again",
}


def _applicant(form: dict[str, str]) -> Applicant:
    return Applicant(
        username=form.get("username", ""),
        email=form.get("email", ""),
        password=form.get("password", ""),
        password_again=form.get("password_again", ""),
        agreement=form.get("agreement") == "1",
        reason=form.get("reason", ""),
        invite_code=form.get("invite_code", ""),
        date_of_birth=_day(form.get("date_of_birth", "")),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


async def _show(request: Request, parts: Parts, form: dict[str, str], refused: SignUpRefused | None = None) -> Response:
    code = form.get("invite_code", "")
    invited = await admission.usable_invite(parts.commands, code)
    if parts.settings.registrations == "closed" and not invited:
        text = "Nobody can sign up here at the moment without an invite."
        return render(parts, "failure.html", status=403, title="Closed", text=text)
    problems = {each.field: each.description for each in refused.problems} if refused else {}
    return render_form(
        request,
        parts,
        "sign_up.html",
        status=422 if refused else 200,
        form=form,
        problems=problems,
        invite_code=code if invited else "",
        wants_reason=parts.settings.registrations == "approval" and not invited,
        wants_age=parts.settings.min_age > 0,
    )
