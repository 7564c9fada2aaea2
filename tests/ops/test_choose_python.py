"""`make` takes the Python that was built with optimisations, of those that will do."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.program import ROOT

OLD, WITHOUT_PIP, PLAIN, OPTIMISED, NOT_THERE = "old", "without-pip", "plain", "optimised", "not-there"

PRETENCE = """#!{python} -S
import importlib.util, sys, sysconfig

sys.version_info = {version}
sys.base_prefix = "/opt/python"
sysconfig.get_config_var = lambda name: {configured!r}
importlib.util.find_spec = lambda name: {pip} or name != "pip" or None
assert sys.argv[1] == "-c"
exec(sys.argv[2])
"""


@pytest.fixture
def pythons(tmp_path: Path) -> Path:
    for name, version, configured, pip in (
        (OLD, (3, 10, 13), "'--enable-optimizations'", True),
        (WITHOUT_PIP, (3, 13, 1), "'--enable-optimizations'", False),
        (PLAIN, (3, 12, 1), "'--enable-shared'", True),
        (OPTIMISED, (3, 11, 2), "'--enable-optimizations'", True),
    ):
        file = tmp_path / name
        file.write_text(PRETENCE.format(python=sys.executable, version=version, configured=configured, pip=pip))
        file.chmod(0o755)
    return tmp_path


@pytest.mark.parametrize(
    ("given", "chosen"),
    [
        ([PLAIN, OPTIMISED], OPTIMISED),
        ([OPTIMISED, PLAIN], OPTIMISED),
        ([NOT_THERE, OLD, WITHOUT_PIP, PLAIN], PLAIN),
        ([NOT_THERE, OLD, WITHOUT_PIP], None),
        ([], None),
    ],
)
def test_the_first_that_is_optimised_is_chosen_or_the_first_that_will_do(
    pythons: Path, given: list[str], chosen: str | None
) -> None:
    said = subprocess.run(
        ["sh", ROOT / "ops" / "choose_python.sh", *(pythons / name for name in given)],
        check=True,
        capture_output=True,
        text=True,
    )
    assert said.stdout.strip() == ("" if chosen is None else str(pythons / chosen))
