"""What hypercorn is told of connections: how long they last, and how much they may hold."""

from socket import IPPROTO_TCP, TCP_USER_TIMEOUT, socket

from hypercorn.config import Config

PING_SECONDS = 30.0
"""How often WebSockets are pinged; who does not answer until the next ping is given up."""


def configured(door: socket) -> Config:
    """Return how connections that come to a listening socket are served."""
    config = Config()
    config.bind = [f"fd://{door.fileno()}"]
    config.backlog = 1024
    config.loglevel = "WARNING"
    config.include_server_header = False
    config.keep_alive_timeout = 75  # longer than a proxy keeps idle connections, or it meets ones just closed
    config.keep_alive_max_requests = 1_000_000_000  # the default of 1000 closes a proxy's connections under load
    config.graceful_timeout = 1
    config.websocket_ping_interval = PING_SECONDS
    config.websocket_max_message_size = 64 * 1024
    door.setsockopt(IPPROTO_TCP, TCP_USER_TIMEOUT, 75_000)  # ms; who answers no ping is gone, and the kernel says so
    return config
