"""Finds the declared endpoints, and the endpoint of a request.

Starlette tries its routes one after another, which costs more than some handlers do when there are two hundred. Here a
fixed path is one look in a dictionary, and a path with parameters a few.
"""

from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Any

from fedi.api.routing import Endpoint
from fedi.walking import modules_of

_ANY = "/any"
_LEAVES = "/leaves"
"""Keys of the tree that no segment can be, for no segment has a slash."""

Found = tuple[Endpoint, dict[str, str]]
Leaf = tuple[Endpoint, tuple[str, ...]]
"""What stands at the end of a path with parameters, and their names."""


class Table:
    """Endpoints by method and path. Fixed segments win over parameters."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self._fixed: dict[str, dict[str, Endpoint]] = {}
        self._tree: dict[str, Any] = {}
        self.endpoints = tuple(endpoints)
        for endpoint in self.endpoints:
            self._add(endpoint)

    def find(self, method: str, path: str) -> Found | None:
        """Return the endpoint for a request and the parameters in its path. A slash at the end changes nothing."""
        method = "GET" if method == "HEAD" else method
        fixed = self._fixed.get(path)
        if fixed is None and path.endswith("/"):
            path = path.rstrip("/")
            fixed = self._fixed.get(path)
        if fixed is not None and method in fixed:
            return fixed[method], {}
        values: list[str] = []
        leaf = _descend(self._tree, path[1:].split("/"), 0, method, values)
        if leaf is None:
            return None
        endpoint, names = leaf
        return endpoint, dict(zip(names, values, strict=True))

    def knows(self, path: str) -> bool:
        """Tell whether there is anything at a path, whatever the method."""
        return any(self.find(method, path) for method in ("GET", "POST", "PUT", "PATCH", "DELETE"))

    def _add(self, endpoint: Endpoint) -> None:
        for path in endpoint.paths:
            names = tuple(part[1:] for part in path.split("/") if part.startswith(":"))
            leaves: dict[str, Any] = self._branch(path) if names else self._fixed.setdefault(path, {})
            for method in endpoint.methods:
                if method in leaves:
                    raise ValueError(f"{method} {path} is declared twice")
                leaves[method] = (endpoint, names) if names else endpoint

    def _branch(self, path: str) -> dict[str, Any]:
        node = self._tree
        for part in path[1:].split("/"):
            node = node.setdefault(_ANY if part.startswith(":") else part, {})
        leaves: dict[str, Any] = node.setdefault(_LEAVES, {})
        return leaves


def _descend(node: dict[str, Any], parts: list[str], depth: int, method: str, values: list[str]) -> Leaf | None:
    if depth == len(parts):
        found: Leaf | None = node.get(_LEAVES, {}).get(method)
        return found
    part = parts[depth]
    if not part:
        return None
    if part in node and (found := _descend(node[part], parts, depth + 1, method, values)):
        return found
    if _ANY in node:
        values.append(part)
        if found := _descend(node[_ANY], parts, depth + 1, method, values):
            return found
        values.pop()
    return None


def collect(package: ModuleType) -> Iterator[Endpoint]:
    """Yield every endpoint declared in the modules of a package."""
    for module in modules_of(package.__name__):
        for value in vars(module).values():
            if isinstance(value, Endpoint) and value.handler.__module__ == module.__name__:
                yield value
