"""A world that has talked, to be folded step by step."""

import contextlib
from collections.abc import Iterable, Iterator
from uuid import uuid4

import psycopg

from fedi.events import Event
from fedi.log.drafts import Draft
from fedi.log.insert import append_now
from fedi.projections import generation
from fedi.projections.runner import prepare
from tests.support import servers


@contextlib.contextmanager
def talking_in(admin_url: str, events: Iterable[Event]) -> Iterator[str]:
    """Yield the URL of a database in whose log these events stand; nothing of it is folded yet."""
    with servers.fresh_database(admin_url) as url, psycopg.connect(url, autocommit=True) as opened:
        for event in events:
            append_now(opened, [Draft(identity=uuid4(), event=event)])
        prepare(opened)
        generation.look_at(opened, generation.LIVE)
        yield url
