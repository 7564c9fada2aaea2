"""Writes the files that are generated from the code. `make schemas` calls it; tests keep the files in step."""

from pathlib import Path

from fedi.cli.settings_page import settings_page
from fedi.events import schemas

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Write every generated file in its place."""
    schemas.write(ROOT / "schemas" / "events")
    (ROOT / "docs" / "settings.md").write_text(settings_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
