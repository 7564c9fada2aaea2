"""Taking one's lists to another server, and bringing them along from one."""

from starlette.requests import Request
from starlette.responses import Response

from fedi.commands import imports as commands
from fedi.commands import lists_as_csv
from fedi.errors import ClientError, NotFoundError
from fedi.registry import imports
from fedi.registry.imports import KINDS, ListKind
from fedi.registry.sessions import Session
from fedi.services.limiter import Limit
from fedi.web.forms import read_upload, render_form
from fedi.web.pages import HEADERS, redirect
from fedi.web.parts import Parts
from fedi.web.places import IMPORTS

WORDS: dict[ListKind, str] = {
    "follows": "People you follow",
    "blocks": "People you block",
    "mutes": "People you mute",
    "domain_blocks": "Servers you block",
    "bookmarks": "Bookmarks",
    "lists": "Lists",
}
BROUGHT = Limit("imports", 20, 3600)


async def show_exports(request: Request, parts: Parts, session: Session) -> Response:
    """Offer every list as a file."""
    files = [(kind, WORDS[kind], lists_as_csv.FILES[kind]) for kind in KINDS]
    return render_form(request, parts, "exports.html", files=files)


async def send_export(request: Request, parts: Parts, session: Session) -> Response:
    """One list, in Mastodon's form."""
    kind = _kind(request.path_params["kind"])
    text = await commands.export(parts.commands, session.user.account_id, kind)
    return _file(text, lists_as_csv.FILES[kind])


async def show_imports(request: Request, parts: Parts, session: Session) -> Response:
    """Ask for a file, and show how far those that came have come."""
    return await _show(request, parts, session)


async def do_import(request: Request, parts: Parts, session: Session) -> Response:
    """Have a file carried out."""
    fields, data = await read_upload(request, parts, lists_as_csv.MOST_BYTES)
    if parts.limiter is not None:
        await parts.limiter.require((BROUGHT, str(session.user.id)))
    kind, overwrite = _kind(fields.get("kind", "")), fields.get("mode") == "overwrite"
    try:
        await commands.begin(parts.commands, session.user, kind, _text(data), overwrite=overwrite)
    except ClientError as refused:
        return await _show(request, parts, session, problem=f"{refused}.")
    return redirect(IMPORTS)


async def send_failures(request: Request, parts: Parts, session: Session) -> Response:
    """The lines of an import that could not be carried out, as a file that can be brought again."""
    text: str = request.path_params["id"]
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
    async with parts.pool.connection() as connection:
        found = await imports.load(connection, number)
        if found is None or found.user_id != session.user.id:
            raise NotFoundError
        lines = [each.row for each in await imports.failed(connection, number)]
    return _file(lists_as_csv.write_lines(found.kind, lines, parts.site), f"failed_{lists_as_csv.FILES[found.kind]}")


async def _show(request: Request, parts: Parts, session: Session, *, problem: str | None = None) -> Response:
    async with parts.pool.connection() as connection:
        known = await imports.of_user(connection, session.user.id)
    status = 422 if problem else 200
    return render_form(request, parts, "imports.html", status=status, problem=problem, known=known, words=WORDS)


def _kind(text: str) -> ListKind:
    kind = next((each for each in KINDS if each == text), None)
    if kind is None:
        raise NotFoundError
    return kind


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ClientError("Validation failed: the file is no text in UTF-8") from None


def _file(text: str, name: str) -> Response:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type="text/csv", headers=HEADERS | disposition)
