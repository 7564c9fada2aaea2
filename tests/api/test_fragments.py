"""Remembered statuses: always the same as rendering them from the views, and never older than those."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from fedi.api import fragments
from fedi.api.deps import Deps
from fedi.api.encoding import encode
from fedi.api.entities.statuses import status
from fedi.api.fragments import LIFE, Fragments
from fedi.registry.rows import Connection
from fedi.views import stamps, statuses
from fedi.views.progress import Progress
from tests.support import views
from tests.support.reader import World

CHANGES = {
    "content": "UPDATE read.statuses SET content = '<p>Changed</p>' WHERE id = %(post)s",
    "parent found": "UPDATE read.statuses SET in_reply_to_id = 1 WHERE id = %(post)s",
    "name": "UPDATE read.accounts SET display_name = 'Changed' WHERE id = %(ben)s",
    "followers": "UPDATE read.follow_counts SET followers = 77 WHERE account_id = %(ben)s",
    "statuses": "UPDATE read.account_statuses SET statuses = 78 WHERE account_id = %(ben)s",
    "favourite": "INSERT INTO read.favourites VALUES (98, %(zoe)s, %(post)s, %(ben)s, '')",
    "favourites": "UPDATE read.favourite_counts SET favourites = 79 WHERE status_id = %(post)s",
    "replies": "UPDATE read.status_counts SET replies = 80, boosts = 81 WHERE status_id = %(post)s",
    "no bookmark": "DELETE FROM read.bookmarks WHERE status_id = %(post)s",
    "no pin": "DELETE FROM read.pins WHERE status_id = %(post)s",
    "no boost": "DELETE FROM read.statuses WHERE id = %(again)s",
    "gone": "DELETE FROM read.statuses WHERE id IN (%(post)s, %(again)s)",
    "original gone": "DELETE FROM read.statuses WHERE id = %(post)s",
    "poll": "UPDATE read.polls SET votes = '{8,9}' WHERE status_id = %(post)s",
}


class Now:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
async def connection(deps: Deps, world: World) -> AsyncIterator[Connection]:
    async with deps.pool.connection() as found:
        await found.set_autocommit(True)
        yield found
        await found.set_autocommit(False)


async def rendered(deps: Deps, connection: Connection, ids: list[int], viewer: int | None) -> Any:
    return msgspec.json.decode(encode(await deps.fragments.render(connection, ids, viewer)))


async def from_views(deps: Deps, connection: Connection, ids: list[int], viewer: int | None) -> Any:
    found = await statuses.load(connection, ids, viewer)
    return msgspec.json.decode(encode([status(each, deps.site) for each in found]))


@pytest.mark.parametrize("with_poll", [True, False])
@pytest.mark.parametrize("change", CHANGES)
async def test_remembered_is_what_the_views_say(
    deps: Deps, world: World, connection: Connection, change: str, with_poll: bool
) -> None:
    if not with_poll:
        await connection.execute("DELETE FROM read.polls")
    ids = [world.again, world.post, world.secret, world.answer]
    for viewer in (None, world.ann, world.ben, world.zoe):
        for _ in range(2):
            expected = await from_views(deps, connection, ids, viewer)
            assert await rendered(deps, connection, ids, viewer) == expected
    values = {name: getattr(world, name) for name in ("ann", "ben", "zoe", "post", "again")}
    await connection.execute(CHANGES[change], values)
    for viewer in (None, world.ann, world.ben, world.zoe):
        expected = await from_views(deps, connection, ids, viewer)
        assert await rendered(deps, connection, ids, viewer) == expected


async def test_what_is_remembered_takes_one_query(
    deps: Deps, world: World, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    await connection.execute("DELETE FROM read.polls")
    ids = [world.again, world.answer]
    first = await rendered(deps, connection, ids, world.ann)

    async def forbidden(*_: object) -> list[statuses.Status]:
        assert _[1] == []
        return []

    monkeypatch.setattr(statuses, "load", forbidden)
    assert await rendered(deps, connection, ids, world.ann) == first
    assert len(first) == 2


async def test_nothing_is_remembered_for_ever(deps: Deps, world: World, connection: Connection) -> None:
    now = Now()
    remembering = Fragments(deps.site, deps.sieves, deps.clock, Progress(""), now)
    await connection.execute("DELETE FROM read.polls")
    before = await remembering.render(connection, [world.post], None)
    await connection.execute("UPDATE read.accounts SET url = 'https://moved.example/' WHERE id = %s", [world.ann])
    assert await remembering.render(connection, [world.post], None) == before
    now.seconds = LIFE + 1
    assert b"moved.example" in bytes((await remembering.render(connection, [world.post], None))[0])


async def test_page_is_whole_however_little_is_remembered(
    deps: Deps, world: World, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fragments, "CAPACITY", 8)
    authors = [await views.account(connection, f"author{number}") for number in range(12)]
    ids = [await views.status(connection, author) for author in authors]
    for part in (ids[:6], ids, ids[3:]):
        expected = await from_views(deps, connection, part, None)
        assert await rendered(deps, connection, part, None) == expected
    assert len(expected) == 9


async def test_stamps_of_nothing(connection: Connection) -> None:
    assert await stamps.stamps(connection, [], None) == {}
