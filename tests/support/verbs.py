"""Runs verbs of the program: each in a process of its own, forked from one that has imported everything.

To import it all takes a second, which is most of what a verb takes, and the tests run hundreds. `running` in
tests/support/program.py starts the program from nothing.
"""

import atexit
import functools
import gc
import importlib
import os
import pkgutil
import runpy
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

import msgspec

import fedi

ROOT = Path(__file__).parents[2]
LONGEST_SECONDS = 60


class Order(msgspec.Struct, frozen=True):
    """What to run, with which environment, and the files its output goes to."""

    arguments: tuple[str, ...]
    environment: dict[str, str]
    stdout: str
    stderr: str


class Forker:
    """The process that forks. It ends with whoever started it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.verbs"],
            env={**kept, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd="/",
        )
        atexit.register(self._process.communicate)

    def run(self, order: Order) -> int:
        """Run one verb to its end; return its exit code, or the signal that ended it, negative."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._lock:
            self._process.stdin.write(msgspec.json.encode(order) + b"\n")
            self._process.stdin.flush()
            return int(self._process.stdout.readline())


forker = functools.cache(Forker)


def run(arguments: tuple[str, ...], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run `fedi ARGUMENTS` to its end."""
    with tempfile.TemporaryDirectory() as folder:
        stdout, stderr = Path(folder) / "stdout", Path(folder) / "stderr"
        code = forker().run(Order(arguments, dict(environment), str(stdout), str(stderr)))
        said, complained = (file.read_text(encoding="utf-8") for file in (stdout, stderr))
    return subprocess.CompletedProcess(["fedi", *arguments], code, said, complained)


def serve() -> None:
    """Fork for each order that comes, until no more can come. Returns in the children too, as what was ordered."""
    for module in pkgutil.walk_packages(fedi.__path__, "fedi."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    gc.freeze()
    for line in sys.stdin.buffer:
        order = msgspec.json.decode(line, type=Order)
        pid = os.fork()
        if pid == 0:
            _become(order)
            return
        _, status = os.waitpid(pid, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _become(order: Order) -> None:
    """Be the program, started from nothing as far as it can tell."""
    for descriptor, path, mode in (
        (0, os.devnull, os.O_RDONLY),
        (1, order.stdout, os.O_WRONLY | os.O_CREAT),
        (2, order.stderr, os.O_WRONLY | os.O_CREAT),
    ):
        opened = os.open(path, mode)
        os.dup2(opened, descriptor)
        os.close(opened)
    os.environ.clear()
    os.environ.update(order.environment)
    sys.argv[1:] = order.arguments
    signal.alarm(LONGEST_SECONDS)
    runpy.run_module("fedi", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    serve()
