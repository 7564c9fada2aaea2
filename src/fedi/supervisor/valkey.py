"""An embedded Valkey: append-only file under the data directory, reached by a unix socket only."""

import logging
import shutil
import signal
import socket
import subprocess
from pathlib import Path
from urllib.parse import quote

from fedi.errors import ConfigurationError
from fedi.supervisor.binaries import valkey_server
from fedi.supervisor.home import Home
from fedi.supervisor.processes import last_lines, spawn, stop, wait_until

START_SECONDS = 30.0
STOP_SECONDS = 3.0
LAST_LINES = 40
DAMAGED = ("Bad file format", "error in RDB", "RDB CRC error", "Wrong signature", "AOF manifest file", "length. stat:")
"""What it says among its last lines when it cannot read its files."""
TIMELINE_ENTRIES = 1000
"""Sorted sets up to this length are stored compactly; home timelines hold 800."""
_log = logging.getLogger(__name__)


class Valkey:
    """A running server; `url` is what the Redis client takes."""

    what = "Valkey"

    def __init__(self, home: Home, process: subprocess.Popen[bytes]) -> None:
        self.home = home
        self.process = process
        self.url = url(home)

    def stop(self) -> None:
        """Shut down after the append-only file is written."""
        stop(self.process, signal.SIGTERM, STOP_SECONDS)


def socket_path(home: Home) -> Path:
    return home.sockets / "valkey.sock"


def url(home: Home) -> str:
    """Return the URL of the server that runs in `home`."""
    return f"unix://{quote(str(socket_path(home)))}?db=0"


def start(home: Home, *, lock: int, durable: bool) -> Valkey:
    """Start the server and wait until it answers. `lock` and `durable` are as for PostgreSQL.

    Damaged files, as a power cut leaves them, are put aside: all that is precious is in PostgreSQL, and a server that
    waited for somebody to mend what it can make anew would wait for nothing.
    """
    try:
        return _start(home, lock=lock, durable=durable)
    except ConfigurationError as error:
        if not any(word in last_lines(home.logs / "valkey.log", LAST_LINES) for word in DAMAGED):
            raise
        aside = home.root / "valkey.damaged"
        shutil.rmtree(aside, ignore_errors=True)
        home.valkey.rename(aside)
        home.own(home.valkey)
        _log.error("%s; its files are put aside in %s, and it begins anew", error, aside)
        return _start(home, lock=lock, durable=durable)


def _start(home: Home, *, lock: int, durable: bool) -> Valkey:
    socket_path(home).unlink(missing_ok=True)
    log = home.logs / "valkey.log"
    options = {
        "port": "0",
        "unixsocket": str(socket_path(home)),
        "unixsocketperm": "700",
        "dir": str(home.valkey),
        "appendonly": "yes" if durable else "no",
        "appendfsync": "everysec",
        "save": "",
        "zset-max-listpack-entries": str(TIMELINE_ENTRIES),
        "daemonize": "no",
    }
    argv: list[str | Path] = [valkey_server(home.owner)]
    for name, value in options.items():
        argv += [f"--{name}", value]
    process = spawn(argv, log=log, owner=home.owner, death_signal=signal.SIGTERM, keep=[lock])
    wait_until(lambda: answers(home), process, log, what="Valkey", seconds=START_SECONDS)
    return Valkey(home, process)


def answers(home: Home) -> bool:
    """Tell whether a server answers at its socket."""
    try:
        with socket.socket(socket.AF_UNIX) as door:
            door.settimeout(1)
            door.connect(str(socket_path(home)))
            door.sendall(b"PING\r\n")
            return door.recv(16).startswith(b"+PONG")
    except OSError:
        return False
