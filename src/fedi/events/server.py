"""What the server says of itself."""

from fedi.events.catalogue import Event, event


@event("server.founded")
class ServerFounded(Event, frozen=True, kw_only=True):
    """Position 1 of every log: the names that every URI of this server is made of.

    `server_id` is random: it tells two servers that had the same domain one after the other apart.
    """

    domain: str
    web_domain: str
    https: bool
    server_id: str


@event("log.redacted")
class LogRedacted(Event, frozen=True, kw_only=True):
    """Payloads were overwritten by stubs. `demand` says on whose demand: `author`, `moderator` or `origin`."""

    positions: tuple[int, ...]
    demand: str
