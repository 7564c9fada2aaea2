"""Position 1: the names that every URI of this server is made of. They can be chosen once."""

from typing import Any
from uuid import uuid4

from psycopg import Connection

from fedi.errors import ConfigurationError
from fedi.events import identity
from fedi.events.server import ServerFounded
from fedi.log.drafts import Conflict, Draft
from fedi.log.insert import append_now
from fedi.log.reader import get
from fedi.site import Site


def ensure_founded(conn: Connection[Any], site: Site) -> ServerFounded:
    """Found the server if its log is empty; return the founding that counts.

    Raises:
        ConfigurationError: the log was founded under other names, or does not begin with a founding.
    """
    founded = _founding(conn) or _found(conn, site)
    settings = {
        "LOCAL_DOMAIN": (founded.domain, site.domain),
        "WEB_DOMAIN": (founded.web_domain, site.web_domain),
        "FEDI_HTTPS": (str(founded.https).lower(), str(site.https).lower()),
    }
    for name, (then, now) in settings.items():
        if then != now:
            raise ConfigurationError(
                f"this server was founded with {name}={then}, and now {name} is {now}. Other servers know its people by"
                f" addresses made of it, so it cannot change: set it back, or use another, empty database"
            )
    return founded


def _founding(conn: Connection[Any]) -> ServerFounded | None:
    first = get(conn, [1])
    if not first:
        return None
    if not isinstance(first[0].event, ServerFounded):
        raise ConfigurationError(f"the log begins with {first[0].name} instead of server.founded")
    return first[0].event


def _found(conn: Connection[Any], site: Site) -> ServerFounded:
    founded = ServerFounded(domain=site.domain, web_domain=site.web_domain, https=site.https, server_id=uuid4().hex)
    with conn.transaction():
        try:
            appended = append_now(conn, [Draft(identity=identity.of_founding(), event=founded)])
        except Conflict:  # another process was quicker
            appended = None
        if appended and appended.positions != (1,):
            raise ConfigurationError("the log holds events, but no founding at its beginning")
    if appended:
        return founded
    founding = _founding(conn)
    if founding is None:
        raise ConfigurationError("the founding of this server does not stand at the beginning of the log")
    return founding
