"""Erasure: the views are the same whether the log is folded before or after its payloads were overwritten."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import psycopg
import pytest
from psycopg import Connection

from fedi.events import Event
from fedi.events.accounts import AccountCreated
from fedi.events.activities import ActivityPublished, ActivityReceived, DocumentFetched
from fedi.projections import generation
from fedi.projections.catalogue import projections
from fedi.projections.fold import fold
from fedi.projections.rebuild import fold_aside
from fedi.projections.runner import prepare
from tests.support import servers
from tests.support.compared import differences
from tests.support.erasing import erase_all
from tests.support.talking import say
from tests.support.world import CONTEXT, START, Person, World

THINGS = 160


def talk(seed: int) -> list[Event]:
    """Let a world talk; somebody of it, here and elsewhere, deletes the account in the midst and says no more."""
    world = World(seed=seed)
    said = world.events(THINGS)
    for leaver, at in ((world.local[seed % 4], len(said) // 2), (world.remote[seed % 4], len(said) * 2 // 3)):
        before, after = said[:at], said[at:]
        said = [*before, last_word(leaver), *(event for event in after if not concerns(event, leaver))]
    return said


def last_word(person: Person) -> Event:
    activity = {
        "@context": CONTEXT,
        "id": f"{person.id}#gone",
        "type": "Delete",
        "actor": person.id,
        "object": person.id,
    }
    raw = msgspec.Raw(json.dumps(activity).encode())
    if person.local:
        return ActivityPublished(document=raw, account_id=person.account_id)
    return ActivityReceived(document=raw, actor=person.id, key="", signed_at=START, digest="gone")


def concerns(event: Event, person: Person) -> bool:
    """Whether somebody speaks, or it is about them in private: who is gone does nothing, and nobody finds them."""
    if isinstance(event, ActivityReceived | ActivityPublished):
        return bool(msgspec.json.decode(event.document)["actor"] == person.id)
    if isinstance(event, DocumentFetched | AccountCreated):
        return person.id.encode() in bytes(event.document)
    return str(person.account_id) in str(event)


@pytest.fixture
def said(admin_url: str, request: pytest.FixtureRequest) -> Iterator[tuple[str, Connection[Any], int]]:
    """A log, where it is, and how many events it has."""
    with servers.fresh_database(admin_url) as url, psycopg.connect(url, autocommit=True) as connection:
        events = talk(request.param)
        say(connection, events)
        prepare(connection)
        yield url, connection, len(events)


def fold_to(connection: Connection[Any], position: int, size: int, schema: str = generation.LIVE) -> None:
    """Fold a generation up to a position."""
    generation.look_at(connection, schema)
    while (left := position - generation.position(connection, schema)) > 0:
        fold(connection, projections(), live=schema == generation.LIVE, limit=min(size, left))


@pytest.mark.parametrize(("said", "size"), [(1, 1), (2, 7), (3, 500)], indirect=["said"])
async def test_erasing_at_any_position_leaves_the_same_views(said: tuple[str, Connection[Any], int], size: int) -> None:
    """Those that are live, those that are folded afterwards, and those of a rebuild that was under way meanwhile."""
    url, connection, end = said
    fold_aside(connection, "before")
    generation.create(connection, "slow", projections())
    erased = 0
    for part in (3, 5, 6):
        fold_to(connection, end * part // 6, size)
        fold_to(connection, end * part // 9, size, "slow")
        erased += await erase_all(url)
    assert erased > 10
    fold_to(connection, end, size, "slow")
    fold_aside(connection, "after", until=end, batch=size)
    assert compared(connection, "before", "read") == ""
    assert compared(connection, "before", "after") == ""
    assert compared(connection, "before", "slow") == ""
    assert await erase_all(url) == 0


def compared(connection: Connection[Any], one: str, other: str) -> str:
    return "\n".join(differences(connection, one, other))
