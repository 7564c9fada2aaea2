"""Declares endpoints.

How to add one, in `api/<page of Mastodon's documentation>.py`:

    class ListParams(Page):                     # api/pagination.py; any frozen, keyword-only msgspec.Struct will do
        id: int                                 # stands in the path: no number, no record, 404
        only_media: bool = False                # "on", "1", "true", "t"…
        exclude_types: list[str] = []           # exclude_types[]=a, exclude_types=a, and JSON lists alike

    @route("GET", "/api/v1/lists/:id/things", scope="read:lists", auth="user")
    async def list_things(request: ApiRequest, params: ListParams) -> list[Thing]:
        '''Things in a list, newest first.'''
        …

- `method` may be several: `("PUT", "PATCH")` for every update. So may paths, of which the first is the one to use; all
  have the same parameters.
- `scope` names what a token must hold, `a | b` for either; what covers it (`read` for `read:lists`) is understood. None
  only where Mastodon asks for no scope.
- `auth`: "public" never looks at a token; "public-or-user" serves strangers, but refuses a bad token; "app" wants any
  token; "user" wants a person behind it, "waiting" even one who is not confirmed or approved yet. Both scope and auth
  must be given, or the module does not import.
- `of_views`: what it reads stands in views alone, so a standby of the database may answer (`api/replica.py`). Not so
  where the registry is read that the asker can change: their reads wait for what they wrote to the log only.
- The handler takes the request, and the parameters if it wants some. It returns structs, lists, dicts, or `Reply` with
  a status and headers, or any Starlette Response. It raises what stands in `fedi.errors` and `api/errors.py`.
- `ahead` reads what the handler needs of the person while it is still asked who that is (`api/foreseen.py`).
- Structs with an UploadFile field may receive files; all uploads are closed when the handler returns.

Every module of this package is searched for endpoints; two for the same method and path are an error.
"""

import inspect
from collections.abc import Awaitable, Callable
from types import UnionType
from typing import Any, get_args, get_type_hints

import msgspec

from fedi.api.auth import Auth
from fedi.api.foreseen import Reading
from fedi.api.params import Decoder, decoder
from fedi.api.request import Reply
from fedi.registry.scopes import SCOPES, accepted

Handler = Callable[..., Awaitable[Any]]


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """One declared endpoint: all that serving and describing it takes."""

    methods: tuple[str, ...]
    paths: tuple[str, ...]
    scopes: tuple[str, ...]
    accepted: frozenset[str]
    auth: Auth
    of_views: bool
    ahead: Reading | None
    handler: Handler
    decoder: Decoder | None
    returns: Any


def route(
    method: str | tuple[str, ...],
    path: str,
    *aliases: str,
    scope: str | None,
    auth: Auth,
    of_views: bool = False,
    ahead: Reading | None = None,
) -> Callable[[Handler], Endpoint]:
    """Declare the endpoint that a handler serves; see this module's docstring."""
    scopes = tuple(part.strip() for part in scope.split("|")) if scope else ()
    unknown = set(scopes) - set(SCOPES)
    if unknown:
        raise ValueError(f"{path}: there is no scope {', '.join(sorted(unknown))}")
    if auth == "public" and scopes:
        raise ValueError(f"{path}: a public endpoint looks at no token, so it cannot ask for a scope")
    if of_views and method != "GET":
        raise ValueError(f"{path}: a standby can only be read")

    def declare(handler: Handler) -> Endpoint:
        hints = get_type_hints(handler)
        parameters = list(inspect.signature(handler).parameters)[1:]
        return Endpoint(
            methods=(method,) if isinstance(method, str) else method,
            paths=(path, *aliases),
            scopes=scopes,
            accepted=accepted(scopes),
            auth=auth,
            of_views=of_views,
            ahead=ahead,
            handler=handler,
            decoder=decoder(hints[parameters[0]]) if parameters else None,
            returns=_answer(hints.get("return")),
        )

    return declare


def _answer(returns: Any) -> Any:
    """Return what an answer looks like, where it may also be that with another status: `Thing | Reply`."""
    rest = [kind for kind in get_args(returns) if kind is not Reply] if isinstance(returns, UnionType) else []
    return rest[0] if len(rest) == 1 else returns
