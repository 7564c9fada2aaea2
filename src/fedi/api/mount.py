"""Puts the API together for the composition root."""

from starlette.routing import BaseRoute

import fedi.api
from fedi.api.deps import Deps
from fedi.api.dispatch import ApiRoute
from fedi.api.replica import Replica
from fedi.api.table import Table, collect


def routes(deps: Deps, replica: Replica | None = None) -> list[BaseRoute]:
    """Return the API as Starlette routes."""
    return [ApiRoute(Table(collect(fedi.api)), deps, replica)]
