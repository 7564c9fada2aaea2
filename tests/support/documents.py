"""Documents as other servers write them."""

import json
import os
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).parents[1] / "fixtures" / "activitypub"
CORPUS = Path(os.environ.get("FEDI_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus")
"""More than a thousand documents of real servers: where `FEDI_CORPUS` says, or beside the checkout."""
NO_CORPUS = "no corpus of real documents beside the checkout, nor where FEDI_CORPUS says"


def names() -> list[str]:
    """Return the names of all fixtures."""
    return sorted(path.stem for path in FIXTURES.glob("*.json"))


def fixture(name: str) -> dict[str, Any]:
    """Return a document, fresh, to be changed at will."""
    document: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_text())
    return document
