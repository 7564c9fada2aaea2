"""The lock files hold what pyproject.toml asks for, each package by its hashes."""

import json
import re
import tomllib

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ops.sbom import sbom
from tests.support.program import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def locked(name: str) -> dict[str, str]:
    """Return the versions in a lock file by package."""
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE), "a lock names no host"
    blocks = re.split(r"\n(?=[a-z0-9])", text)
    found: dict[str, str] = {}
    for block in blocks:
        match = re.match(r"([a-z0-9][a-z0-9._-]*)(?:\[[^\]]*\])?==([^ ]+)", block)
        if match:
            assert set(re.findall(r"--hash=(\w+):", block)) == {"sha256"}, match[1]
            found[canonicalize_name(match[1])] = match[2]
    return found


def test_s_160_every_dependency_is_locked_in_a_version_that_will_do() -> None:
    groups = PROJECT["dependency-groups"]
    wanted = {
        "requirements.lock": [*PROJECT["project"]["dependencies"], *groups["build"]],
        "requirements-dev.lock": [*PROJECT["project"]["dependencies"], *groups["build"], *groups["dev"]],
    }
    for file, requirements in wanted.items():
        versions = locked(file)
        for requirement in map(Requirement, requirements):
            name = canonicalize_name(requirement.name)
            assert name in versions, f"{name} is not in {file}: run `make lock`"
            assert requirement.specifier.contains(versions[name]), f"{name} {versions[name]} in {file}: run `make lock`"


def test_s_160_what_the_server_is_made_of_is_listed_for_those_who_watch_over_faults() -> None:
    written = (ROOT / "sbom.json").read_bytes()
    assert written == sbom(), "run `make schemas`"
    listed = {each["name"]: each["version"] for each in json.loads(written)["components"]}
    assert listed == locked("requirements.lock")
    assert {"nh3", "pillow", "cryptography", "av"} <= listed.keys()


def test_both_locks_agree() -> None:
    development = locked("requirements-dev.lock")
    assert {name: development.get(name) for name in locked("requirements.lock")} == locked("requirements.lock")


def test_packages_that_only_older_pythons_need_are_locked_too() -> None:
    """redis needs async-timeout below 3.11.3, which is what Debian 12 has."""
    assert "async-timeout" in locked("requirements.lock")
