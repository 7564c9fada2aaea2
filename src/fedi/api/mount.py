"""Puts the API together for the composition root."""

from functools import cache

from starlette.routing import BaseRoute

import fedi.api
from fedi.api.deps import Deps
from fedi.api.dispatch import ApiRoute
from fedi.api.replica import Replica
from fedi.api.table import Table, collect


@cache
def table() -> Table:
    """Return all endpoints. They are looked for once, before processes are forked: whoever looks at what a module holds
    counts a reference to each of it, and so has copies of those pages of memory."""
    return Table(collect(fedi.api))


def routes(deps: Deps, replica: Replica | None = None) -> list[BaseRoute]:
    """Return the API as Starlette routes."""
    return [ApiRoute(table(), deps, replica)]
