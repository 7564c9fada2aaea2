"""What a path names, read strictly: anything else is not there."""

import re

from starlette.requests import Request
from starlette.types import Scope

from fedi.activitypub.server.answers import missing
from fedi.errors import ClientError
from fedi.views.pages import Page

PAGE_SIZE = 20
_USERNAME = re.compile(r"[A-Za-z0-9_]{1,30}")
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)


class BadPageError(ClientError):
    """There is no such page."""

    status = 400


def target_of(scope: Scope) -> str:
    """Return path and query as they stood in the request line: that is what was signed."""
    path: bytes = scope["raw_path"]
    query: bytes = scope["query_string"]
    return (path + b"?" + query if query else path).decode("latin-1")


def username(request: Request) -> str:
    """Return the name in the path; raises NotFoundError."""
    name: str = request.path_params["name"]
    if not _USERNAME.fullmatch(name):
        raise missing()
    return name


def status_id(request: Request) -> int:
    """Return the status id in the path; raises NotFoundError."""
    return number(request, "id")


def number(request: Request, name: str) -> int:
    """Return a number in the path; raises NotFoundError."""
    text: str = request.path_params[name]
    if not _NUMBER.fullmatch(text):
        raise missing()
    return int(text)


def page(request: Request) -> Page | None:
    """Return which page of a collection is asked for (`page=true`, `max_id`, `min_id`); None for the collection itself.

    Raises BadPageError.
    """
    query = request.query_params
    if "page" not in query:
        return None
    bounds = {name: _bound(query[name]) for name in ("max_id", "min_id") if name in query}
    return Page(limit=PAGE_SIZE, max_id=bounds.get("max_id"), min_id=bounds.get("min_id"))


def _bound(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise BadPageError
    return int(text)
