"""The listening socket: bound once by the supervisor and shared by all processes of a role; and a knock at it."""

import contextlib
import errno
import socket
from collections.abc import Iterator

from fedi.errors import ConfigurationError

BACKLOG = 1024
HEALTH_SECONDS = 1.0


@contextlib.contextmanager
def listening(bind: str, port: int) -> Iterator[socket.socket]:
    """Bind and listen until the block is left. Raises ConfigurationError where the address cannot be had."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(bind, port, type=socket.SOCK_STREAM)[0]
        door = socket.socket(family, kind, protocol)
    except OSError as error:
        raise ConfigurationError(f"cannot listen at BIND={bind}: {error.strerror}") from None
    with door:
        try:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind(address)
            door.listen(BACKLOG)
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            reason = "another program listens there; set PORT" if taken else error.strerror
            raise ConfigurationError(f"cannot listen at {bind}, port {port}: {reason}") from None
        yield door


def is_healthy(bind: str, port: int, host: str) -> bool:
    """Tell whether what listens at our own address answers /health with 200; `host` is the name it is asked by."""
    question = f"GET /health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(_reachable(bind), port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as caller:
            caller.settimeout(HEALTH_SECONDS)
            caller.connect(address)
            caller.sendall(question.encode())
            return caller.recv(64).startswith(b"HTTP/1.1 200 ")
    except OSError:
        return False


def _reachable(bind: str) -> str:
    """Return an address at which a socket bound to `bind` answers."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(bind, bind)
