"""Runs the program as people do: as a process of its own, told what to do by arguments and environment."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx

from fedi.supervisor.home import is_alive
from tests.support import scratch, verbs

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 30.0


class Program:
    """A `fedi` that runs, with its output."""

    def __init__(self, process: subprocess.Popen[str], output: Path, base_url: str) -> None:
        self.process = process
        self.base_url = base_url
        self._output = output

    @property
    def output(self) -> str:
        return self._output.read_text(encoding="utf-8")

    def wait_for(self, text: str) -> None:
        """Return when the program has said `text`; fail when it ends before or takes too long."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while text not in self.output:
            assert self.process.poll() is None, f"it ended: {self.output}"
            assert time.monotonic() < deadline, f"it never said {text!r}: {self.output}"
            time.sleep(0.02)

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.base_url + path, timeout=PATIENCE_SECONDS)

    def interrupt(self) -> float:
        """Do what Ctrl-C does; return the seconds it took to end."""
        begun = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE_SECONDS)
        return time.monotonic() - begun


@contextlib.contextmanager
def running(
    *arguments: str, data_dir: Path, settings: Mapping[str, str] | None = None, prefix: tuple[str, ...] = ()
) -> Iterator[Program]:
    """Start `fedi ARGUMENTS` on the port of its data directory; whatever is left of it at the end is killed."""
    given = environment(data_dir, settings or {})
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "output"
        with output.open("w") as sink:
            process = subprocess.Popen(
                [*prefix, sys.executable, "-m", "fedi", *arguments],
                env=given,
                stdout=sink,
                stderr=subprocess.STDOUT,
                text=True,
                cwd="/",
            )
        try:
            yield Program(process, output, f"http://127.0.0.1:{given['PORT']}")
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(10)
                process.kill()
            process.wait()


def fedi(
    *arguments: str, data_dir: Path, settings: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `fedi ARGUMENTS` to its end."""
    return verbs.run(arguments, environment(data_dir, settings or {}))


@contextlib.contextmanager
def data_directory() -> Iterator[Path]:
    """Yield a place for a data directory, of which there is nothing yet, and remove it afterwards."""
    with scratch.directory() as directory:
        yield directory / "var"


def environment(data_dir: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """Return an environment without settings of whoever runs the tests.

    A data directory keeps the port it was first given, because in development the port is part of the domain, and a
    log is founded under one domain.
    """
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    port = settings.get("PORT") or _port_of(data_dir)
    return {**kept, "PYTHONPATH": str(ROOT / "src"), "FEDI_DATA_DIR": str(data_dir), "PORT": port, **settings}


def _port_of(data_dir: Path) -> str:
    note = data_dir.parent / "port"
    if not note.exists():
        note.write_text(str(free_port()))
    return note.read_text()


def free_port() -> int:
    """Return a port of the loopback address on which nothing listens at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def family(pid: int) -> dict[int, str]:
    """Return the living descendants of a process with what they are, `pid` itself not among them."""
    parents: dict[int, tuple[int, str]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and is_alive(int(entry.name)):
            with contextlib.suppress(OSError):
                head, _, tail = (entry / "stat").read_text().rpartition(")")
                parents[int(entry.name)] = (int(tail.split()[1]), head.partition("(")[2])
    found: dict[int, str] = {}
    generation = {pid}
    while generation:
        generation = {child for child, (parent, _) in parents.items() if parent in generation}
        found |= {child: parents[child][1] for child in generation}
    return found


def wait_until_gone(pids: Mapping[int, str], seconds: float) -> None:
    """Return when none of the processes lives; fail with those that do."""
    deadline = time.monotonic() + seconds
    while alive := {pid: name for pid, name in pids.items() if is_alive(pid)}:
        assert time.monotonic() < deadline, f"still running: {alive}"
        time.sleep(0.01)
