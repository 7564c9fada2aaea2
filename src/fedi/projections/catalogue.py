"""Every projection there is, found by walking this package, in the order in which they see a batch."""

import importlib
import pkgutil
from collections.abc import Iterable
from graphlib import TopologicalSorter

import fedi.projections
from fedi.projections.projection import Projection


def projections() -> tuple[Projection, ...]:
    """Return all projections, each after those whose tables it reads.

    Raises:
        ValueError: two have one name.
    """
    found: dict[str, Projection] = {}
    for module in pkgutil.iter_modules(fedi.projections.__path__):
        projection = getattr(importlib.import_module(f"fedi.projections.{module.name}"), "PROJECTION", None)
        if isinstance(projection, Projection):
            if projection.name in found:
                raise ValueError(f"two projections are called {projection.name}")
            found[projection.name] = projection
    return tuple(_ordered(found))


def _ordered(found: dict[str, Projection]) -> Iterable[Projection]:
    sorter = TopologicalSorter({name: projection.after for name, projection in sorted(found.items())})
    return (found[name] for name in sorter.static_order())


def versions(all_of_them: Iterable[Projection]) -> dict[str, int]:
    """Return each projection's version by name."""
    return {projection.name: projection.version for projection in all_of_them}
