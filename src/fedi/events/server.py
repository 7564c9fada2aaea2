"""What the server says of itself."""

from typing import Literal

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


@event("erasure.demanded")
class ErasureDemanded(Event, frozen=True, kw_only=True):
    """What stands at `uri`, an account or a post of `actor`, is gone and stays so: an operator says it.

    Nobody else is told of it. What was written by people here is deleted in their name instead.
    """

    uri: str
    actor: str
    demand: Literal["author", "moderator", "origin"]


@event("server.page_written")
class ServerPageWritten(Event, frozen=True, kw_only=True):
    """The staff wrote a page about the server; `content` is plain text or HTML, and "" takes the page away.

    Of `rules` each line is a rule. `effective_on` (YYYY-MM-DD) tells the terms of service of one day from those of
    another.
    """

    page: Literal["extended_description", "privacy_policy", "terms_of_service", "rules"]
    content: str
    effective_on: str = ""
