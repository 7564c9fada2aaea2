"""Writes the files that are generated from the code. `make schemas` calls it; tests keep the files in step."""

from pathlib import Path

import msgspec

from fedi.api import openapi
from fedi.cli.settings_page import settings_page
from fedi.events import schemas
from ops.api_page import api_page
from ops.sbom import sbom
from tests.contract.rows import rows

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Write every generated file in its place."""
    schemas.write(ROOT / "schemas" / "events")
    described = msgspec.json.format(msgspec.json.encode(openapi.document(), order="sorted"), indent=1)
    (ROOT / "schemas" / "openapi.json").write_bytes(described + b"\n")
    (ROOT / "docs" / "api.md").write_text(api_page(rows()), encoding="utf-8")
    (ROOT / "docs" / "settings.md").write_text(settings_page(), encoding="utf-8")
    (ROOT / "sbom.json").write_bytes(sbom())


if __name__ == "__main__":
    main()
