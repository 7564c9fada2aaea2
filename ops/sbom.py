"""What the server is made of, for programs that know which versions of what have faults: CycloneDX 1.5 as JSON."""

import re
import tomllib
from pathlib import Path

import msgspec
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
_LOCKED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


def sbom(root: Path = ROOT) -> bytes:
    """Return the list of what `requirements.lock` installs; the sums of the files stand there."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locked = _LOCKED.findall((root / "requirements.lock").read_text(encoding="utf-8"))
    components = [_component("library", "pypi", canonicalize_name(name), version) for name, version in locked]
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": _component("application", "generic", project["name"], project["version"])},
        "components": components,
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"


def _component(kind: str, origin: str, name: str, version: str) -> dict[str, str]:
    purl = f"pkg:{origin}/{name}@{version}"
    return {"type": kind, "bom-ref": purl, "name": name, "version": version, "purl": purl}
