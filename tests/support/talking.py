"""A world that has talked, to be folded step by step."""

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import Connection

from fedi.events import Event
from fedi.log.drafts import Draft
from fedi.log.insert import append_now
from fedi.projections import generation
from fedi.projections.runner import prepare
from tests.support import servers


def say(connection: Connection[Any], events: Iterable[Event]) -> None:
    """Append events, each by itself."""
    for event in events:
        append_now(connection, [Draft(identity=uuid4(), event=event)])


@contextlib.contextmanager
def live_views(database_url: str) -> Iterator[Connection[Any]]:
    """Yield a connection that looks at the live views, which are made if there are none."""
    with psycopg.connect(database_url, autocommit=True) as opened:
        prepare(opened)
        generation.look_at(opened, generation.LIVE)
        yield opened


@contextlib.contextmanager
def talking_in(admin_url: str, events: Iterable[Event]) -> Iterator[str]:
    """Yield the URL of a database in whose log these events stand; nothing of it is folded yet."""
    with servers.fresh_database(admin_url) as url:
        with live_views(url) as opened:
            say(opened, events)
        yield url
