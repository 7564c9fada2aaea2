"""The program as people start it, `fedi serve` on a data directory of its own, and what its processes cost."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import msgspec

import fedi
from fedi.app import create_tables
from fedi.settings import Settings
from fedi.settings.loading import load
from fedi.supervisor import embedded
from fedi.supervisor.embedded import Embedded

PATIENCE_SECONDS = 60.0
PATH = "/api/v2/instance"
PRODUCTION = Path(__file__).parent / "production"
"""What hides packages that are there for developers only, and that a server would load all the same."""
_TICKS = os.sysconf("SC_CLK_TCK")


class Server(msgspec.Struct, frozen=True):
    """A server that runs. `settings` hold the URLs of its database and Redis; `seconds` is how long its start took."""

    pid: int
    settings: Settings
    seconds: float

    @property
    def port(self) -> int:
        return self.settings.port

    @property
    def authority(self) -> str:
        """The host and port that every request names."""
        return self.settings.web_domain

    @property
    def database_url(self) -> str:
        assert self.settings.database_url is not None
        return self.settings.database_url

    def cpu(self) -> dict[str, float]:
        """Return the CPU seconds that each kind of process has used since it started."""
        used: defaultdict[str, float] = defaultdict(float)
        for pid in family(self.pid):
            with contextlib.suppress(OSError):
                head, _, tail = Path(f"/proc/{pid}/stat").read_text().rpartition(")")
                fields = tail.split()
                kind = head.partition("(")[2].removeprefix("fedi ").split(":")[0].rstrip("0123456789 ")
                used[kind] += (int(fields[11]) + int(fields[12])) / _TICKS
        return used

    def memory(self) -> float:
        """Return the memory of all processes in MiB; what they share counts once."""
        return sum(_proportional(pid) for pid in family(self.pid)) / 1024


@contextlib.contextmanager
def scratch(within: Path | None = None) -> Iterator[Path]:
    """Yield a data directory that any user may enter, for a database may not run as root; remove it afterwards."""
    directory = Path(tempfile.mkdtemp(prefix="fedi-bench-", dir=within))
    directory.chmod(0o711)
    try:
        yield directory / "var"
    finally:
        shutil.rmtree(directory)


@contextlib.contextmanager
def database() -> Iterator[str]:
    """Run the embedded PostgreSQL alone, with the program's tables, until the block is left; yield its URL."""
    with scratch() as directory:
        parts = Embedded(directory, want_valkey=False)
        try:
            assert parts.postgres is not None
            create_tables(parts.postgres.url)
            yield parts.postgres.url
        finally:
            parts.stop()


@contextlib.contextmanager
def serving(data_dir: Path, port: int | None = None) -> Iterator[Server]:
    """Run `fedi serve` until the block is left; it is entered at the first 200."""
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join([str(PRODUCTION), str(Path(fedi.__file__).parents[1])]),
        "FEDI_DATA_DIR": str(data_dir),
        "PORT": str(port or free_port()),
    }
    settings = load(environ)
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "fedi", "serve"], env=environ, stdout=subprocess.DEVNULL)
    try:
        while not _answers(settings):
            if process.poll() is not None or time.perf_counter() - begun > PATIENCE_SECONDS:
                raise RuntimeError("the server did not start")
            time.sleep(0.005)
        seconds = time.perf_counter() - begun
        found = embedded.find(settings)
        assert found is not None, "the embedded servers are not there"
        yield Server(process.pid, found, seconds)
    finally:
        _end(process)


def free_port() -> int:
    """Return a port of the loopback address on which nothing listens at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def family(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    found = [pid]
    for parent in found:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{parent}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
    return found


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _answers(settings: Settings) -> bool:
    request = f"GET {PATH} HTTP/1.1\r\nHost: {settings.web_domain}\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection((settings.bind, settings.port), timeout=5) as caller:
            caller.sendall(request.encode())
            return caller.recv(64).startswith(b"HTTP/1.1 200 ")
    except OSError:
        return False


def _proportional(pid: int) -> int:
    """Return the proportional set size of a process in KiB."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
