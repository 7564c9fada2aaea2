"""Documents as other servers write them."""

import json
import os
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).parents[1] / "fixtures" / "activitypub"
CORPUS = Path(os.environ.get("FEDI_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus")
"""Documents of real servers, where there are any: where `FEDI_CORPUS` says, or beside the checkout.

They only add to the fixtures: whoever has none tries the same with less."""


def names() -> list[str]:
    """Return the names of all fixtures."""
    return sorted(path.stem for path in FIXTURES.glob("*.json"))


def fixture(name: str) -> dict[str, Any]:
    """Return a document, fresh, to be changed at will."""
    document: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_text())
    return document


def everything() -> dict[str, bytes]:
    """Return all documents there are, by their names: the fixtures, and the corpus where there is one."""
    own = {f"fixtures/{path.name}": path for path in FIXTURES.glob("*.json")}
    real = {str(path.relative_to(CORPUS)): path for path in CORPUS.rglob("*.json")}
    return {name: path.read_bytes() for name, path in sorted({**own, **real}.items())}
