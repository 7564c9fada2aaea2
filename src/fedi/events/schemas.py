"""The catalogue in neutral form: a JSON Schema for every version of every event, in schemas/events.

A schema is a promise to whoever reads a log without this program. Old versions stay there for ever; a version that was
released may gain a field that has a default, and nothing else: every other change is a new version with an upcast.
"""

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from fedi.events.catalogue import Event, declared

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class BrokenPromiseError(ValueError):
    """A schema changed in a way that needs a new version."""


def current() -> dict[str, dict[str, Any]]:
    """Return the schema of each event's current version, by file name: `status.bookmarked.1.json`."""
    return {f"{name}.{version}.json": schema(name, kind) for name, version, kind in declared()}


def schema(name: str, kind: type[Event]) -> dict[str, Any]:
    """Return the JSON Schema of an event's payload. Parts that are any JSON, like documents, have an empty schema."""
    (root,), parts = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    body = parts.pop(root["$ref"].rpartition("/")[2])
    described = {"$schema": DIALECT, **body, "title": name}
    if parts:
        described["$defs"] = parts
    cleaned: dict[str, Any] = _clean(described)
    return cleaned


def write(folder: Path) -> list[Path]:
    """Write the schemas that are new or changed into a folder; return their files.

    Raises:
        BrokenPromiseError: a change needs a new version. Nothing was written.
    """
    files = {folder / name: body for name, body in current().items()}
    for file, body in files.items():
        if file.exists() and (broken := list(breaks(msgspec.json.decode(file.read_bytes()), body))):
            raise BrokenPromiseError(
                f"{file.name}: {', '.join(broken)}. Declare a new version with an upcast from this one;"
                f" only if it was never released, remove the file first"
            )
    folder.mkdir(parents=True, exist_ok=True)
    changed = [file for file, body in files.items() if not file.exists() or file.read_bytes() != render(body)]
    for file in changed:
        file.write_bytes(render(files[file]))
    return changed


def render(body: dict[str, Any]) -> bytes:
    """Return a schema as it stands in its file."""
    return msgspec.json.format(msgspec.json.encode(body), indent=2) + b"\n"


def breaks(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    """Yield what payloads of the old schema, or readers who rely on it, would suffer from the new one."""
    before, after = old.get("properties", {}), new.get("properties", {})
    for name in before:
        if name not in after:
            yield f"{name} is gone"
        elif _shape(before[name]) != _shape(after[name]):
            yield f"{name} is of another kind"
    for name in after:
        if name in new.get("required", []) and name not in old.get("required", []):
            yield f"{name} is required now"


def _shape(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _shape(value) for key, value in node.items() if key not in {"description", "default"}}
    return [_shape(value) for value in node] if isinstance(node, list) else node


def _clean(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            key: inspect.cleandoc(value) if key == "description" and isinstance(value, str) else _clean(value)
            for key, value in node.items()
        }
    return [_clean(value) for value in node] if isinstance(node, list) else node
