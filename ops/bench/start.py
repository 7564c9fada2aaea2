"""How long a start takes on an existing database, and what the whole server holds in memory when it is idle."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ops.bench.marks import Mark

RUNS = 5
IDLE_SECONDS = 3.0
PATIENCE_SECONDS = 60.0
PATH = "/api/v2/instance"


def measure() -> list[Mark]:
    """Start the server several times on one data directory; the first start, which makes it, is not counted."""
    starts, memory = [], []
    with tempfile.TemporaryDirectory(prefix="fedi-bench-") as directory:
        Path(directory).chmod(0o711)
        port = _free_port()
        for number in range(RUNS + 1):
            seconds, mebibytes = _once(Path(directory) / "var", port)
            if number:
                starts.append(seconds)
                memory.append(mebibytes)
    return [
        Mark(name=f"start to the first 200 of {PATH}", unit="s", runs=starts, goal=2.0, note="existing database"),
        Mark(name="memory of all processes, idle", unit="MiB", runs=memory, goal=300.0, note="PSS: shared pages once"),
    ]


def _once(data_dir: Path, port: int) -> tuple[float, float]:
    environ = {"PATH": os.environ["PATH"], "FEDI_DATA_DIR": str(data_dir), "PORT": str(port)}
    begun = time.perf_counter()
    server = subprocess.Popen([sys.executable, "-m", "fedi", "serve"], env=environ, stdout=subprocess.DEVNULL)
    try:
        while not _answers(port):
            if server.poll() is not None or time.perf_counter() - begun > PATIENCE_SECONDS:
                raise RuntimeError("the server did not start")
            time.sleep(0.005)
        seconds = time.perf_counter() - begun
        time.sleep(IDLE_SECONDS)
        return seconds, sum(_proportional(pid) for pid in _family(server.pid)) / 1024
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as caller:
            caller.sendall(f"GET {PATH} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n".encode())
            return caller.recv(64).startswith(b"HTTP/1.1 200 ")
    except OSError:
        return False


def _family(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").iterdir():
            found += [int(child) for child in (task / "children").read_text().split()]
    return found


def _proportional(pid: int) -> int:
    """Return the proportional set size of a process in KiB."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
