"""A package's modules are found by their files."""

import subprocess
import sys
from pathlib import Path

import pytest

from fedi.walking import modules_of

_AGAIN = """
import pkgutil, sys
from fedi import app
app.preload()
before = set(sys.modules)
from fedi.api import mount
from fedi.effects.jobs import worker
from fedi.projections.catalogue import projections
from fedi.walking import modules_of
modules_of("fedi.effects")
pkgutil.iter_modules = None
print(len(mount.table().endpoints), len(worker.collect()), len(projections()), *set(sys.modules) - before)
"""


def test_modules_come_by_name_and_packages_within_do_not_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "found_by_walking"
    (package / "inner").mkdir(parents=True)
    for name in ("__init__", "b", "a", "inner/__init__", "inner/deeper"):
        (package / f"{name}.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    names = [module.__name__ for module in modules_of("found_by_walking")]
    assert names == ["found_by_walking.a", "found_by_walking.b", "found_by_walking.inner"]
    assert "found_by_walking.inner.deeper" not in sys.modules


def test_what_roles_find_is_there_before_they_are_forked() -> None:
    """Whatever a role imports or looks through by itself, it has in memory of its own."""
    asked = [sys.executable, "-W", "error", "-c", _AGAIN]
    counts = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split()
    assert [int(each) > 10 for each in counts] == [True, True, True]
