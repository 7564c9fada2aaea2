"""A standby that answers what reads views alone, as long as it has what the reader wrote; else the primary does.

Handlers know nothing of it: they are given the same parts, on another pool, with a memory of its own. Whatever does not
come off there is asked again of the primary: what the reader wrote a moment ago, what was told them by a stream and is
found nowhere yet, and queries that the standby broke off because it had to replay what they were in the way of.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import psycopg

from fedi.api.deps import Deps
from fedi.api.fragments import Fragments
from fedi.api.request import ApiRequest
from fedi.api.routing import Endpoint
from fedi.errors import NotFoundError
from fedi.views.standby import BehindError, Standby

_LOST = ("08", "57P")
"""Classes of SQLSTATE: exceptions of the connection, and that the server shuts down or starts."""
Answering = Callable[[Endpoint, ApiRequest, tuple[Any, ...]], Awaitable[Any]]


class Replica(msgspec.Struct, frozen=True):
    """The standby, and the parts of an endpoint on it."""

    standby: Standby
    deps: Deps


def replica(deps: Deps, standby: Standby) -> Replica:
    """Return the parts of endpoints as they are on a standby."""
    there = msgspec.structs.replace(
        deps,
        pool=standby.pool,
        written=deps.written.on_standby(standby),
        fragments=Fragments(deps.site, deps.sieves, deps.clock, standby),
    )
    return Replica(standby, there)


def may_answer(there: Replica, endpoint: Endpoint, params: tuple[Any, ...]) -> bool:
    """Tell whether the standby can be asked at all: other servers are not asked from there (`resolve`)."""
    return endpoint.of_views and there.standby.is_followed and not any(getattr(each, "resolve", 0) for each in params)


async def answered(
    there: Replica | None, endpoint: Endpoint, request: ApiRequest, params: tuple[Any, ...], otherwise: Answering
) -> Any:
    """Let the standby answer if it can, else the primary."""
    if there is None or not may_answer(there, endpoint, params):
        return await otherwise(endpoint, request, params)
    primary, request.deps = request.deps, there.deps
    try:
        return await endpoint.handler(request, *params)
    except (BehindError, NotFoundError):
        request.deps = primary
    except psycopg.Error as error:
        if _is_lost(error):
            there.standby.doubt(error)
        request.deps = primary
    return await otherwise(endpoint, request, params)


def _is_lost(error: psycopg.Error) -> bool:
    """Tell whether the connection failed, or there was none to be had; not the query, which anybody may have caused."""
    state = error.sqlstate
    return isinstance(error, psycopg.OperationalError) and (state is None or state.startswith(_LOST))
