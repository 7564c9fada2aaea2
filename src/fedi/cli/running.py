"""Gives a verb the servers it works on, whether the program runs or not."""

import contextlib
from collections.abc import Iterator

from fedi import app
from fedi.settings import Settings
from fedi.supervisor import embedded


@contextlib.contextmanager
def servers(settings: Settings) -> Iterator[Settings]:
    """As `own_servers`, with everything in the database that a server makes when it starts."""
    with own_servers(settings) as served:
        app.prepare(served)
        yield served


@contextlib.contextmanager
def own_servers(settings: Settings) -> Iterator[Settings]:
    """Yield the settings with the URLs of a database and a Redis.

    Servers named by URLs are used as they are, embedded ones that run are joined, and where none run they are started
    and stopped again. Raises ConfigurationError where that cannot be.
    """
    found = embedded.find(settings)
    if found is not None:
        yield found
        return
    parts = embedded.start(settings)
    if parts is None:
        yield settings
        return
    try:
        yield parts.fill_in(settings)
    finally:
        parts.stop()
