"""Checks answers against the published shapes in schemas/mastodon."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource

_FOLDER = Path(__file__).parents[2] / "schemas" / "mastodon"


def assert_valid(body: Any, name: str) -> None:
    """Fail unless a decoded body is what the entity `name` (a file of schemas/mastodon without .json) says."""
    problems = [f"{error.json_path}: {error.message}" for error in _validator(name).iter_errors(body)]
    assert not problems, f"not a {name}: {problems}"


@cache
def _registry() -> Registry[Any]:
    resources = [Resource.from_contents(json.loads(file.read_text())) for file in _FOLDER.glob("*.json")]
    return Registry().with_resources((str(resource.id()), resource) for resource in resources)


@cache
def _validator(name: str) -> Draft202012Validator:
    schema = json.loads((_FOLDER / f"{name}.json").read_text())
    return Draft202012Validator(schema, registry=_registry(), format_checker=FormatChecker())
