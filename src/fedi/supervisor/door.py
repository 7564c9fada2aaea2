"""The listening socket: bound once by the supervisor and shared by all processes of a role."""

import contextlib
import errno
import ipaddress
import socket
from collections.abc import Iterator

from fedi.errors import ConfigurationError

BACKLOG = 1024


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


def reachable_host(bind: str) -> str:
    """Return an address at which a socket bound to `bind` answers."""
    try:
        address = ipaddress.ip_address(bind)
    except ValueError:
        return bind
    if address.is_unspecified:
        return "127.0.0.1" if address.version == 4 else "::1"
    return bind
