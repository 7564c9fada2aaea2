"""Consent: a person lets an app act for them (RFC 6749 §4.1.1, §4.1.2).

Everything an app asked is judged again when the answer comes, because forms can be changed on the way. Nobody is sent
to an app's address before having signed in: registering an app is open to all, and we are no open redirector.
"""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from fedi.registry import apps, codes
from fedi.registry.grants import Asked, RedirectedError, judge_authorization
from fedi.registry.redirects import OUT_OF_BAND, with_answer
from fedi.registry.users import User
from fedi.web.forms import read_form, read_query, render_form
from fedi.web.guards import current_session
from fedi.web.pages import redirect, render
from fedi.web.parts import Parts
from fedi.web.places import sign_in_address
from fedi.web.scope_words import in_words

PATH = "/oauth/authorize"
CODE_PATH = "/oauth/authorize/native"

ASKING = {"client_id", "code_challenge", "code_challenge_method", "redirect_uri", "response_type", "scope", "state"}
"""The parameters of a request. Others go no further, or an app could put fields of its own into our forms."""

Pairs = list[tuple[str, str]]


async def show_consent(request: Request, parts: Parts) -> Response:
    """Ask the person, after sign-in."""
    pairs = read_query(request)
    session = await current_session(request, parts)
    given = dict(pairs)
    forced = given.get("force_login", "") in {"1", "true"} or "login" in given.get("prompt", "").split()
    if session is None or forced:
        return redirect(sign_in_address(_again(pairs)))
    try:
        asked = await _judge(parts, pairs)
    except RedirectedError as error:
        return _tell_app(parts, error)
    return render_form(
        request,
        parts,
        "consent.html",
        app=asked.app,
        scopes=in_words(asked.scopes),
        handle=f"@{session.user.username}@{parts.site.domain}",
        fields=_asking(pairs),
        again=_again(pairs),
    )


async def answer_consent(request: Request, parts: Parts) -> Response:
    """Take the person's answer: a code for the app, or its refusal."""
    pairs = await read_form(request, parts)
    method = dict(pairs).get("_method", request.method).upper()
    session = await current_session(request, parts)
    if session is None:
        return redirect(sign_in_address(_again(pairs)))
    try:
        asked = await _judge(parts, pairs)
        if method == "DELETE":
            raise RedirectedError(
                "access_denied", "The resource owner denied the request.", asked.redirect_uri, asked.state
            )
    except RedirectedError as error:
        return _tell_app(parts, error)
    code = await _make_code(parts, asked, session.user)
    target = CODE_PATH if asked.redirect_uri == OUT_OF_BAND else asked.redirect_uri
    return redirect(with_answer(target, {"code": code, "state": asked.state}))


async def show_code(request: Request, parts: Parts) -> Response:
    """Show the code to a person who carries it to the app."""
    return render(parts, "code.html", code=dict(read_query(request)).get("code", ""))


async def _judge(parts: Parts, pairs: Pairs) -> Asked:
    async with parts.pool.connection() as connection:
        app = await apps.by_client_id(connection, dict(pairs).get("client_id", ""))
    return judge_authorization(pairs, app)


async def _make_code(parts: Parts, asked: Asked, user: User) -> str:
    async with parts.pool.connection() as connection:
        return await codes.make(
            connection,
            parts.clock(),
            app_id=asked.app.id,
            user_id=user.id,
            redirect_uri=asked.redirect_uri,
            scopes=asked.scopes,
            challenge=asked.challenge,
        )


def _tell_app(parts: Parts, error: RedirectedError) -> Response:
    if error.redirect_uri == OUT_OF_BAND:
        return render(parts, "failure.html", status=error.status, title="The app was refused", text=str(error))
    answer = {"error": error.error, "error_description": str(error), "state": error.state}
    return redirect(with_answer(error.redirect_uri, answer))


def _again(pairs: Pairs) -> str:
    return f"{PATH}?{urlencode(_asking(pairs))}"


def _asking(pairs: Pairs) -> Pairs:
    return [pair for pair in pairs if pair[0] in ASKING]
