"""Looking at the whole log, payload by payload, whether words are left of what is gone.

Erasure finds words by an index; this finds them without, so it also tells whether the index can be believed.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from psycopg import Connection

from fedi.activitypub.vocabulary import stubs
from fedi.activitypub.vocabulary.stubs import Gone
from fedi.events import Recorded
from fedi.events.accounts import AccountCreated
from fedi.events.activities import ActivityPublished, ActivityReceived, DocumentFetched
from fedi.log import reader
from fedi.meaning import erasure
from fedi.meaning.erasure import Erased
from fedi.meaning.names import Key
from fedi.sql import queries

_SQL = queries(__file__)
BATCH = 500


class Left(msgspec.Struct, frozen=True):
    """A position at which there are words of something that is gone, with its URI, and the key of that."""

    position: int
    uri: str
    key: Key


def check(connection: Connection[Any]) -> Iterator[Left]:
    """Yield what should have been erased and was not, in the order of the log, as far as erasure is not yet to come."""
    after = 0
    while batch := reader.read(connection, after, BATCH):
        yield from _left_in(connection, batch)
        after = batch[-1].position


def again(connection: Connection[Any], found: Sequence[Left]) -> int:
    """Have what was found erased, wherever words of it are; return how many posts and accounts these are."""
    where = {"keys": [each.key for each in found], "positions": [each.position for each in found]}
    return connection.execute(_SQL["again"], where).rowcount


def _left_in(connection: Connection[Any], batch: Sequence[Recorded]) -> Iterator[Left]:
    keys: dict[int, set[Key]] = {each.position: set(_keys(each)) for each in batch}
    wanted = list({key for each in keys.values() for key in each})
    rows = connection.execute(_SQL["gone"], {"keys": wanted}).fetchall()
    for recorded in batch:
        for key, uri, kind, number in rows:
            if key in keys[recorded.position] and erasure.stub(recorded, _only(uri, kind, number)) != recorded.event:
                yield Left(recorded.position, uri, key)


def _keys(recorded: Recorded) -> Iterator[Key]:
    event = recorded.event
    if isinstance(event, ActivityReceived | ActivityPublished | DocumentFetched | AccountCreated):
        yield from erasure.found_by(event, stubs.found_by(msgspec.json.decode(event.document)))


def _only(uri: str, kind: str, number: int) -> Erased:
    if kind == "account":
        return Erased(gone=Gone(actors=frozenset({uri})), accounts=frozenset({number}))
    return Erased(gone=Gone(posts={uri: ""}))
