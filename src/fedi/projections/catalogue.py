"""Every projection there is, found by walking this package, in the order in which they see a batch."""

from collections.abc import Iterable, Sequence
from functools import cache
from graphlib import TopologicalSorter

from fedi.projections.projection import Projection
from fedi.walking import modules_of


@cache
def projections() -> tuple[Projection, ...]:
    """Return all projections, each after those whose tables it reads. They are looked for once.

    Raises:
        ValueError: two have one name.
    """
    found: dict[str, Projection] = {}
    for module in modules_of("fedi.projections"):
        projection = getattr(module, "PROJECTION", None)
        if isinstance(projection, Projection):
            if projection.name in found:
                raise ValueError(f"two projections are called {projection.name}")
            found[projection.name] = projection
    return tuple(_ordered(found))


def _ordered(found: dict[str, Projection]) -> Iterable[Projection]:
    sorter = TopologicalSorter({name: projection.after for name, projection in sorted(found.items())})
    return (found[name] for name in sorter.static_order())


def parted(all_of_them: Sequence[Projection]) -> tuple[list[Projection], list[Projection]]:
    """Return those whose tables others read, or that read others', and those of which neither is true."""
    read = {name for projection in all_of_them for name in projection.after}
    joined = [projection for projection in all_of_them if projection.after or projection.name in read]
    return joined, [projection for projection in all_of_them if projection not in joined]


def versions(all_of_them: Iterable[Projection]) -> dict[str, int]:
    """Return each projection's version by name."""
    return {projection.name: projection.version for projection in all_of_them}
