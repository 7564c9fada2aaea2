"""Pages about people and posts, as anybody may see them. Servers get documents at the same addresses elsewhere."""

import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope

from fedi.errors import ClientError, NotFoundError
from fedi.negotiation import asks_for_document, asks_for_page
from fedi.registry.rows import Connection
from fedi.views import accounts, statuses, threads, timelines
from fedi.views.accounts import AccountRow
from fedi.views.pages import Page
from fedi.views.statuses import Status
from fedi.views.timelines import Narrowing
from fedi.web.forms import read_query
from fedi.web.pages import redirect, render
from fedi.web.parts import Parts
from fedi.web.shown import shown_account, shown_post

PAGE_SIZE = 20
FRESH = "public, max-age=30"


class GoneError(ClientError):
    """This account is no longer here."""

    status = 410


class UnlessDocument(Route):
    """A page at an address that also serves documents: not for those who ask for one."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Claim the request if it is not for a document."""
        return (Match.NONE, {}) if asks_for_document(_accept(scope)) else super().matches(scope)


class IfPage(Route):
    """A page at an address that serves documents first: only for those who name HTML."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Claim the request if it is a browser's."""
        return super().matches(scope) if asks_for_page(_accept(scope)) else (Match.NONE, {})


async def show_profile(request: Request, parts: Parts) -> Response:
    """Somebody of ours, and what they posted for everybody."""
    older_than = number_asked(request, "max_id")
    async with parts.pool.connection() as connection:
        row = await _local_account(connection, parts, request.path_params["name"])
        page = Page(limit=PAGE_SIZE, max_id=older_than)
        ids = await timelines.of_account(connection, row.id, None, page, Narrowing(without_replies=True))
        posts = await statuses.load(connection, ids, None)
    return _public(
        render(
            parts,
            "profile.html",
            person=shown_account(row, parts.site),
            row=row,
            posts=[shown_post(found, parts.site) for found in posts],
            older=ids[-1] if len(ids) == PAGE_SIZE else None,
        )
    )


async def show_post(request: Request, parts: Parts) -> Response:
    """A post that anybody may read, with what it answers and what answers it."""
    async with parts.pool.connection() as connection:
        row, found = await _post(connection, parts, request)
        above = await statuses.load(connection, await threads.ancestors(connection, found.row.id, None), None)
        below = await statuses.load(connection, await threads.descendants(connection, found.row.id, None), None)
    site = parts.site
    return _public(
        render(
            parts,
            "post.html",
            row=row,
            uri=found.row.uri,
            post=shown_post(found, site),
            above=[shown_post(each, site) for each in above],
            below=[shown_post(each, site) for each in below],
        )
    )


async def show_embedded(request: Request, parts: Parts) -> Response:
    """A post that anybody may read, by itself, for the frames of other pages (see `api/oembed.py`)."""
    async with parts.pool.connection() as connection:
        _, found = await _post(connection, parts, request)
    response = _public(render(parts, "embed.html", post=shown_post(found, parts.site)))
    framed = response.headers["Content-Security-Policy"].replace("frame-ancestors 'none'", "frame-ancestors *")
    response.headers["Content-Security-Policy"] = framed
    del response.headers["X-Frame-Options"]
    return response


async def lead_to_profile(request: Request, parts: Parts) -> Response:
    """Lead a browser from an actor's address to the page."""
    return redirect(parts.site.profile(_name(request)))


async def lead_to_post(request: Request, parts: Parts) -> Response:
    """Lead a browser from a post's identity to the page."""
    status_id = _number(request.path_params["id"])
    if status_id is None:
        raise NotFoundError
    return redirect(parts.site.status_page(_name(request), status_id))


async def _post(connection: Connection, parts: Parts, request: Request) -> tuple[AccountRow, Status]:
    """Return the post that the path names, and its author. Raises NotFoundError for one that not everybody may read."""
    status_id = _number(request.path_params["id"])
    if status_id is None:
        raise NotFoundError
    row = await _local_account(connection, parts, request.path_params["name"])
    found = await statuses.one(connection, status_id, None)
    if found is None or found.row.account_id != row.id or found.boost_of is not None:
        raise NotFoundError
    return row, found


async def _local_account(connection: Connection, parts: Parts, handle: str) -> AccountRow:
    name, _, domain = handle.partition("@")
    if domain not in {"", parts.site.domain}:
        raise NotFoundError
    account_id = await accounts.by_handle(connection, name, None)
    row = await accounts.one(connection, account_id) if account_id is not None else None
    if row is None:
        raise NotFoundError
    if row.suspended:
        raise GoneError
    return row


def _public(response: Response) -> Response:
    response.headers["Cache-Control"] = FRESH
    response.headers["Vary"] = "Accept"
    return response


def _name(request: Request) -> str:
    name: str = request.path_params["name"]
    if not re.fullmatch(r"\w+", name, re.ASCII):
        raise NotFoundError
    return name


def number_asked(request: Request, name: str) -> int | None:
    """Return a number in the query; None for anything else."""
    return _number(dict(read_query(request)).get(name))


def _number(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"[0-9]{1,18}", text) else None


def _accept(scope: Scope) -> str:
    return ",".join(value.decode("latin-1") for name, value in scope.get("headers", ()) if name == b"accept")
