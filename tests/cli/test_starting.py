"""The long-running verbs: what all processes of a server hold is what a server needs to be one."""

import subprocess
import sys
from pathlib import Path

from tests.support import program

LOADED = """
import sys
from fedi.cli.main import run
from fedi.errors import ConfigurationError
try:
    run(["web"])
except ConfigurationError:
    from fedi import app
    app.preload()
    print(*sorted({"pydantic", "typer", "segno", "fedi.api"} & set(sys.modules)))
"""

INTERRUPTED = """
import importlib
import sys
main = importlib.import_module("fedi.cli.main")

def interrupted(file):
    raise KeyboardInterrupt

main.settings_of = interrupted
sys.argv = ["fedi", "web"]
main.main()
"""


def test_a_server_does_not_hold_what_it_seldom_or_never_needs(tmp_path: Path) -> None:
    given = program.environment(tmp_path / "var", {})
    asked = subprocess.run([sys.executable, "-c", LOADED], env=given, capture_output=True, text=True, check=True)
    assert asked.stdout == "fedi.api\n"


def test_who_presses_ctrl_c_while_it_starts_sees_no_traceback(tmp_path: Path) -> None:
    given = program.environment(tmp_path / "var", {})
    asked = subprocess.run([sys.executable, "-c", INTERRUPTED], env=given, capture_output=True, text=True, check=False)
    assert (asked.returncode, asked.stdout, asked.stderr) == (130, "", "")
