"""Documents as other servers write them."""

import json
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).parents[1] / "fixtures" / "activitypub"
CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
"""More than a thousand documents of real servers, where somebody keeps them beside the checkout."""


def names() -> list[str]:
    """Return the names of all fixtures."""
    return sorted(path.stem for path in FIXTURES.glob("*.json"))


def fixture(name: str) -> dict[str, Any]:
    """Return a document, fresh, to be changed at will."""
    document: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_text())
    return document
