"""Notes what is gone, and what is said of it once more; `erasing` takes its words out of the log."""

from collections.abc import Callable, Iterator, Sequence
from typing import Literal

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from fedi.events.links import LinkForgotten
from fedi.events.scheduled import StatusUnscheduled
from fedi.events.server import ErasureDemanded
from fedi.facts import Entry
from fedi.facts.accounts import AccountDeleted
from fedi.facts.statuses import StatusDeleted
from fedi.log.redaction import Demand
from fedi.meaning.erasure import plan_key
from fedi.meaning.interpret import Interpretation
from fedi.meaning.names import Key, key_of
from fedi.sql import queries

_SQL = queries(__file__)
What = Literal["post", "account", "unseen", "plan", "page"]
_encode = msgspec.json.Encoder().encode


class _Known(msgspec.Struct, frozen=True):
    """A post or an account that is gone, by its id."""

    object_id: int
    demand: Demand
    position: int


class Noted(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be erased, under the key by which its words are found; a post by its URI and `actor`, a plan by id."""

    key: Key
    what: What
    uri: str
    actor: str
    object_id: int | None
    demand: Demand
    position: int


class Erase:
    """The effect. It writes rows of its queue in the cursor's own transaction, and nothing else."""

    name = "erase"

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._noted = False

    async def act(self, connection: AsyncConnection[TupleRow], batch: Sequence[Interpretation]) -> None:
        """Note what a batch deletes, and what it repeats of what was deleted before."""
        noted = 0
        if known := [each for said in batch for each in _deleted(said)]:
            noted += (await connection.execute(_SQL["note_known"], {"rows": _encode(known).decode()})).rowcount
        if others := {each.key: each for said in batch for each in _others(said)}:
            rows = _encode(list(others.values())).decode()
            noted += (await connection.execute(_SQL["note_others"], {"rows": rows})).rowcount
        if pages := [said for said in batch if isinstance(said.recorded.event, LinkForgotten)]:
            noted += await _note_pages(connection, pages)
        # What is spoken of often, as authors are, is asked for once, by where it was spoken of last.
        if words := {uri: said.recorded.position for said in batch for uri in said.words}:
            late = {"keys": [key_of(uri) for uri in words], "positions": list(words.values())}
            noted += (await connection.execute(_SQL["note_late"], late)).rowcount
        self._noted = noted > 0

    def acted(self) -> None:
        """Let the words go."""
        if self._noted:
            self._wake()


async def _note_pages(connection: AsyncConnection[TupleRow], forgotten: Sequence[Interpretation]) -> int:
    """Note the pages that the views have forgotten; what is shared again by now keeps its words."""
    at = {
        each.recorded.event.key: each.recorded.position
        for each in forgotten
        if isinstance(each.recorded.event, LinkForgotten)
    }
    given = {"keys": list(at), "positions": list(at.values())}
    return (await connection.execute(_SQL["note_pages"], given)).rowcount


def _deleted(said: Interpretation) -> Iterator[_Known]:
    for entry in said.entries:
        match entry.fact:
            case StatusDeleted(status_id=gone) | AccountDeleted(account_id=gone):
                yield _Known(gone, _demand(said, entry), entry.position)


def _others(said: Interpretation) -> Iterator[Noted]:
    """Yield posts that were taken back before they came, and planned posts whose plan is over."""
    position = said.recorded.position
    for each in said.buried:
        key = key_of("tombstone", each.author, each.uri)
        yield Noted(
            key=key, what="unseen", uri=each.uri, actor=each.author, object_id=None, demand="origin", position=position
        )
    event = said.recorded.event
    if isinstance(event, StatusUnscheduled):
        plan = event.scheduled_id
        yield Noted(
            key=plan_key(plan), what="plan", uri="", actor="", object_id=plan, demand="author", position=position
        )


def _demand(said: Interpretation, entry: Entry) -> Demand:
    if isinstance(said.recorded.event, ErasureDemanded):
        return said.recorded.event.demand
    return "author" if entry.origin == "published" else "origin"
