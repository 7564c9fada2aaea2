"""A server for the demonstration: `fedi serve` in a directory of its own, and the command line beside it."""

import contextlib
import functools
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import httpx
import msgspec

import fedi
from fedi.supervisor.processes import tie_to_parent
from ops.demo.person import DidNotHappen, Person

START_SECONDS = 60.0
STOP_SECONDS = 10.0
VERB_SECONDS = 60.0
SCOPES = "read write follow"
OUTPUT = "output"


class Server(msgspec.Struct, frozen=True):
    """A server that was started."""

    base_url: str
    environ: dict[str, str]
    directory: Path
    process: "subprocess.Popen[bytes]"

    def wait(self) -> None:
        """Return when the server answers. Raises DidNotHappen."""
        deadline = time.monotonic() + START_SECONDS
        while not _answers(self.base_url):
            if self.process.poll() is not None or time.monotonic() > deadline:
                said = (self.directory / OUTPUT).read_text(errors="replace")
                raise DidNotHappen(f"the server at {self.base_url} did not start:\n{said}")
            time.sleep(0.05)

    def run(self, *arguments: str) -> str:
        """Run `fedi ARGUMENTS` beside the server and return what it prints. Raises DidNotHappen if it fails."""
        done = subprocess.run(
            [sys.executable, "-m", "fedi", *arguments],
            env=self.environ,
            cwd=self.directory,
            capture_output=True,
            text=True,
            timeout=VERB_SECONDS,
            check=False,
        )
        if done.returncode != 0:
            raise DidNotHappen(f"fedi {' '.join(arguments)} failed: {done.stderr or done.stdout}")
        return done.stdout.strip()

    def report(self, *arguments: str) -> Any:
        """Run a verb that prints JSON."""
        return msgspec.json.decode(self.run(*arguments, "--json"))

    def person(self, name: str) -> Person:
        """Make an account and give its owner an app."""
        self.run("accounts", "create", name, "--email", f"{name}@example.com")
        token = self.run("tokens", "create", name, "--scopes", SCOPES).splitlines()[-1]
        return Person(name, self.base_url, token)


@contextlib.contextmanager
def serving(name: str) -> Iterator[Server]:
    """Start a server, stop it when the block is left, and remove all that it wrote."""
    directory = Path(tempfile.mkdtemp(prefix=f"fedi-demo-{name}-"))
    directory.chmod(0o711)  # a database does not run as root: another user has to get through
    try:
        port = _free_port()
        environ = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(fedi.__file__).parents[1]),
            "FEDI_DATA_DIR": str(directory / "var"),
            "PORT": str(port),
            "WEB_CONCURRENCY": "1",
        }
        with (directory / OUTPUT).open("w") as output, _running(environ, directory, output) as process:
            yield Server(f"http://localhost:{port}", environ, directory, process)
    finally:
        shutil.rmtree(directory)


@contextlib.contextmanager
def _running(environ: dict[str, str], directory: Path, output: IO[str]) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", "fedi", "serve"],
        env=environ,
        cwd=directory,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,  # Ctrl-C is for the demonstration, which then stops its servers
        preexec_fn=functools.partial(tie_to_parent, os.getpid(), signal.SIGTERM),
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(base_url: str) -> bool:
    try:
        return httpx.get(f"{base_url}/api/v2/instance", timeout=5).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
