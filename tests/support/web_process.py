"""One process of the web role, as the supervisor runs it, on a socket that outlives it; made to be killed."""

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from fedi.app import serve_web
from fedi.settings.loading import load
from tests.support.program import ROOT


@contextlib.contextmanager
def web_process(
    door: socket.socket, database_url: str, redis_url: str, folder: Path, port: int = 3000
) -> Iterator[None]:
    """Run a web process on a socket; kill it when the block is left. `port` is the one in its addresses."""
    settings = {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "FEDI_DATA_DIR": str(folder),
        "PORT": str(port),
    }
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT}/src:{ROOT}", **settings}
    command = [sys.executable, "-m", "tests.support.web_process", str(door.fileno())]
    with subprocess.Popen(command, env=environment, pass_fds=[door.fileno()]) as process:
        try:
            yield
        finally:
            process.kill()


if __name__ == "__main__":
    serve_web(load(os.environ), socket.socket(fileno=int(sys.argv[1])))
