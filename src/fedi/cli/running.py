"""Gives a verb the servers it works on, whether the program runs or not."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

import psycopg

from fedi import app
from fedi.settings import Settings
from fedi.supervisor import embedded

T = TypeVar("T")


def act(settings: Settings, doing: Callable[[app.Process], Awaitable[T]]) -> T:
    """Do one thing as the server would, with the parts of a process. Raises what it raises."""

    async def done(served: Settings) -> T:
        async with app.process(served, connections=2) as parts:
            return await doing(parts)

    with servers(settings) as served:
        return asyncio.run(done(served))


def ask(settings: Settings, asking: Callable[[psycopg.AsyncConnection[Any]], Awaitable[T]]) -> T:
    """Do one thing that wants nothing but the database, in a transaction."""

    async def asked(served: Settings) -> T:
        async with await psycopg.AsyncConnection.connect(app.database_url(served)) as connection:
            return await asking(connection)

    with servers(settings) as served:
        return asyncio.run(asked(served))


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
