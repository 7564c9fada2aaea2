"""hypercorn's connections, with less to do for each request; hypercorn has no settings for this.

- Nearly all requests have one plain form. They are read at once by a strict grammar (`heads`) and answered in the
  connection's own task, from bytes as the socket gave them (`wire`) to bytes as it takes them (`exchange`).
- Every other form is read by hypercorn and h11, and is the last of its connection (`other_requests`).
- Whoever begins to send something must go on (`patience`): a body sent halfway would hold its connection for ever.

See docs/decisions/connections.md.
"""

import hypercorn.asyncio.run
import hypercorn.protocol

from fedi.hypercorn_connections.configuration import configured
from fedi.hypercorn_connections.connection import Connection
from fedi.hypercorn_connections.other_requests import OneRequest

__all__ = ["configured", "install"]


def install() -> None:
    """Have hypercorn serve connections in this way, in this process."""
    vars(hypercorn.protocol)["H11Protocol"] = OneRequest
    vars(hypercorn.asyncio.run)["TCPServer"] = Connection
