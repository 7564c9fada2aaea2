"""Rails' way of writing trees in forms and query strings: `poll[options][]=yes` is `{"poll": {"options": ["yes"]}}`.

Rules as in Rack's QueryParser: `[]` appends; `[][name]` begins another object whenever the last one has that name
already; a name used both as a leaf and as a tree is refused.
"""

import re
from collections.abc import Iterable
from typing import Any

from fedi.errors import ClientError

DEPTH = 8
_KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)\]?")


class BadRequestError(ClientError):
    """The request could not be read."""

    status = 400


def nest(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return the tree that flat pairs describe. Raises BadRequestError where they contradict each other."""
    tree: dict[str, Any] = {}
    for name, value in pairs:
        _put(tree, _path(name), value, name)
    return tree


def _path(name: str) -> list[str]:
    match = _KEY.fullmatch(name)
    if match is None:
        return [name]
    path = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
    if len(path) > DEPTH:
        raise BadRequestError(f"Parameter {name[:80]!r} is nested too deeply")
    return path


def _put(tree: dict[str, Any], path: list[str], value: Any, name: str) -> None:
    key, rest = path[0], path[1:]
    if not rest:
        if isinstance(tree.get(key), dict | list):
            raise _contradiction(name)
        tree[key] = value
    elif rest[0] == "":
        items = tree.setdefault(key, [])
        if not isinstance(items, list):
            raise _contradiction(name)
        _append(items, rest[1:], value, name)
    else:
        below = tree.setdefault(key, {})
        if not isinstance(below, dict):
            raise _contradiction(name)
        _put(below, rest, value, name)


def _append(items: list[Any], path: list[str], value: Any, name: str) -> None:
    while path and path[0] == "":  # Mastodon.py writes `id[][]`, and what Rails does with a list in a list is the same
        path = path[1:]
    if not path:
        items.append(value)
        return
    if not items or not isinstance(items[-1], dict) or _has(items[-1], path):
        items.append({})
    _put(items[-1], path, value, name)


def _has(item: dict[str, Any], path: list[str]) -> bool:
    if path[0] not in item:
        return False
    return len(path) == 1 or (path[1] != "" and isinstance(item[path[0]], dict) and _has(item[path[0]], path[1:]))


def _contradiction(name: str) -> BadRequestError:
    return BadRequestError(f"Parameter {name[:80]!r} contradicts another one")
