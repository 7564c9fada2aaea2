"""Writing a post on a page: what "share" buttons elsewhere lead to."""

from typing import get_args

from starlette.requests import Request
from starlette.responses import Response

from fedi.commands.drafts import StatusDraft
from fedi.commands.statuses import publish_status
from fedi.descriptions import Visibility
from fedi.errors import ClientError
from fedi.registry.secrets import new_secret
from fedi.registry.sessions import Session
from fedi.web.forms import read_form, read_query, render_form
from fedi.web.moving import own_account
from fedi.web.pages import redirect
from fedi.web.parts import Parts

SHARED = ("title", "text", "url")
"""What is shared, in the words of the Web Share Target API; Mastodon's is `text` alone."""
VISIBILITIES: dict[str, Visibility] = {each: each for each in get_args(Visibility)}


async def show_share(request: Request, parts: Parts, session: Session) -> Response:
    """Show what is to be said, for whoever is signed in to change and to send."""
    given = dict(read_query(request))
    text = " ".join(given[name].strip() for name in SHARED if given.get(name, "").strip())
    return _show(request, parts, StatusDraft(text=text, visibility=session.user.preferences.default_privacy))


async def do_share(request: Request, parts: Parts, session: Session) -> Response:
    """Say it, once however often the form is sent, and lead to it; what breaks a limit is shown again."""
    form = dict(await read_form(request, parts))
    author = await own_account(parts, session)
    try:
        said = await publish_status(parts.commands, author, draft := drafted(form))
    except ClientError as error:
        return _show(request, parts, draft, problem=str(error))
    await parts.written.note(author.id, said.position)
    return redirect(parts.site.status_page(author.username, said.status_id))


def drafted(form: dict[str, str], in_reply_to_id: int | None = None) -> StatusDraft:
    """Return what was written into the fields of `write.html`."""
    return StatusDraft(
        text=form.get("text", ""),
        spoiler_text=form.get("spoiler_text", ""),
        visibility=VISIBILITIES.get(form.get("visibility", "")),
        in_reply_to_id=in_reply_to_id,
        key=form.get("once") or None,
    )


def _show(request: Request, parts: Parts, draft: StatusDraft, *, problem: str | None = None) -> Response:
    status = 422 if problem else 200
    values = {"draft": draft, "once": new_secret(), "problem": problem}
    return render_form(request, parts, "share.html", status=status, **values)
