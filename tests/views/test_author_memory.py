"""Those who write are remembered as the views hold them, and as nothing else."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import psycopg
import pytest
from psycopg import AsyncConnection

from fedi.projections import generation
from fedi.projections.catalogue import projections
from fedi.projections.fold import fold
from fedi.projections.touching import touched
from fedi.registry.pool import pool_of_one
from fedi.touched import EVERYTHING, Touched
from fedi.views import author_memory
from fedi.views.author_memory import AuthorMemory
from fedi.views.authors import Author, Authors
from tests.support import views
from tests.support.talking import talking_in
from tests.support.world import World

Pg = AsyncConnection[psycopg.rows.TupleRow]


class Told:
    """Views that tell what a test says."""

    reached = 0

    def __init__(self) -> None:
        self.is_followed = True
        self._rememberers: list[Callable[[Touched], None]] = []

    def tell(self, rememberer: Callable[[Touched], None]) -> None:
        self._rememberers.append(rememberer)

    def say(self, what: Touched) -> None:
        for each in self._rememberers:
            each(what)

    async def wait_for(self, position: int, within: float = 1.0) -> bool:
        return position <= self.reached


class Counted(Authors):
    """Knows who was looked up, and in `hold` what is waited for first."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.asked: list[tuple[int, int | None]] = []
        self.hold: asyncio.Event | None = None

    async def author(self, account_id: int, app_id: int | None) -> Author | None:
        self.asked.append((account_id, app_id))
        found = await super().author(account_id, app_id)
        if self.hold is not None:
            await self.hold.wait()
        return found


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
async def authors(database_url: str, read: Pg) -> AsyncIterator[Counted]:
    async with pool_of_one(database_url) as asking, Counted(asking) as looking:
        yield looking


@pytest.fixture
async def memory(authors: Counted, told: Told, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AuthorMemory]:
    monkeypatch.setattr(author_memory, "QUIET_SECONDS", 0.02)
    monkeypatch.setattr(author_memory, "ROUND_SECONDS", 0.01)
    async with AuthorMemory(authors, told) as remembering:
        yield remembering


async def once(so: Callable[[], object]) -> None:
    for _ in range(1_000):
        if so():
            return
        await asyncio.sleep(0.005)
    raise TimeoutError


async def test_who_was_looked_up_is_remembered_with_the_app(memory: AuthorMemory, authors: Counted, read: Pg) -> None:
    ann = await views.account(read, "ann")
    assert memory.recall(ann, None) is None
    found = await memory.author(ann, None)
    assert found is not None
    assert memory.recall(ann, None) is found
    assert memory.recall(ann, 5) is None
    assert memory.recall(ann + 1, None) is None
    assert authors.asked == [(ann, None)]


async def test_nobody_is_remembered_who_is_not_there(memory: AuthorMemory, read: Pg) -> None:
    assert await memory.author(404, None) is None
    assert memory.recall(404, None) is None


async def test_what_is_remembered_is_not_trusted_while_nothing_is_heard(
    memory: AuthorMemory, told: Told, read: Pg
) -> None:
    ann = await views.account(read, "ann")
    await memory.author(ann, None)
    told.is_followed = False
    assert memory.recall(ann, None) is None


@pytest.mark.parametrize("touching", [lambda ids: Touched(accounts=ids), lambda ids: Touched(readers=ids)])
async def test_who_is_touched_is_forgotten_and_soon_read_again(
    memory: AuthorMemory, authors: Counted, told: Told, read: Pg, touching: Callable[[tuple[int, ...]], Touched]
) -> None:
    ann, ben = await views.account(read, "ann"), await views.account(read, "ben")
    for account_id, app_id in ((ann, None), (ann, 7), (ben, None)):
        await memory.author(account_id, app_id)
    await read.execute("UPDATE read.accounts SET display_name = 'Anne' WHERE id = %s", [ann])
    told.say(touching((ann, 404)))
    assert memory.recall(ann, None) is None
    assert memory.recall(ben, None) is not None
    await once(lambda: memory.recall(ann, None))
    again = memory.recall(ann, None)
    assert again is not None
    assert again.display_name == "Anne"
    assert sorted(authors.asked[3:], key=str) == [(ann, 7), (ann, None)]


async def test_whoever_is_touched_all_the_time_is_not_read_again_meanwhile(
    memory: AuthorMemory, authors: Counted, told: Told, read: Pg, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(author_memory, "QUIET_SECONDS", 0.3)
    ann = await views.account(read, "ann")
    await memory.author(ann, None)
    for _ in range(40):
        told.say(Touched(accounts=(ann,)))
        await asyncio.sleep(0.01)
    assert authors.asked == [(ann, None)]
    await once(lambda: memory.recall(ann, None))
    assert authors.asked == [(ann, None)] * 2


async def test_who_has_not_written_for_long_is_forgotten(
    memory: AuthorMemory, authors: Counted, told: Told, read: Pg, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(author_memory, "WRITING_SECONDS", 0.0)
    ann = await views.account(read, "ann")
    await memory.author(ann, None)
    told.say(Touched(accounts=(ann,)))
    await asyncio.sleep(0.1)
    assert authors.asked == [(ann, None)]


async def test_of_many_some_are_read_again_at_once(
    memory: AuthorMemory, authors: Counted, told: Told, read: Pg, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(author_memory, "TOGETHER", 2)
    people = [await views.account(read, f"person{number}") for number in range(5)]
    for each in people:
        await memory.author(each, None)
    authors.hold = asyncio.Event()
    told.say(Touched(accounts=tuple(people)))
    await once(lambda: len(authors.asked) == 7)
    await asyncio.sleep(0.05)
    assert len(authors.asked) == 7
    authors.hold.set()
    await once(lambda: all(memory.recall(each, None) for each in people))


async def test_when_everything_is_touched_nobody_is_known_or_read_again(
    memory: AuthorMemory, authors: Counted, told: Told, read: Pg
) -> None:
    ann, ben = await views.account(read, "ann"), await views.account(read, "ben")
    await memory.author(ann, None)
    await memory.author(ben, None)
    told.say(Touched(accounts=(ben,)))
    told.say(EVERYTHING)
    await asyncio.sleep(0.1)
    assert memory.recall(ann, None) is memory.recall(ben, None) is None
    assert len(authors.asked) == 2


@pytest.mark.parametrize("what", [Touched(accounts=(1,)), Touched(readers=(1,)), EVERYTHING, Touched(accounts=(2,))])
async def test_what_is_touched_while_it_is_read_is_not_remembered(
    memory: AuthorMemory, authors: Counted, told: Told, read: Pg, what: Touched
) -> None:
    await views.account(read, "ann", id=1)
    authors.hold = asyncio.Event()
    reading = asyncio.create_task(memory.author(1, None))
    await once(lambda: authors.asked)
    told.say(what)
    authors.hold.set()
    assert await reading is not None
    assert (memory.recall(1, None) is not None) is (what == Touched(accounts=(2,)))


async def test_a_database_that_is_away_is_noted_and_asked_again_for_the_next(
    memory: AuthorMemory, told: Told, read: Pg, caplog: pytest.LogCaptureFixture
) -> None:
    ann = await views.account(read, "ann")
    await memory.author(ann, None)
    await read.execute("ALTER TABLE read.filter_versions RENAME TO gone")
    with caplog.at_level(logging.INFO):
        told.say(Touched(accounts=(ann,)))
        await once(lambda: caplog.messages)
    assert "who writes is not read again" in caplog.text
    await read.execute("ALTER TABLE read.gone RENAME TO filter_versions")
    await memory.author(ann, None)
    told.say(Touched(accounts=(ann,)))
    await once(lambda: memory.recall(ann, None))


async def test_it_does_not_grow_for_ever(memory: AuthorMemory, read: Pg, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(author_memory, "CAPACITY", 8)
    people = [await views.account(read, f"one{number}") for number in range(9)]
    for each in people:
        await memory.author(each, None)
    assert memory.recall(people[0], None) is None
    assert memory.recall(people[8], None) is not None


async def test_neither_do_the_apps_of_one_person_nor_those_who_are_to_be_read_again(
    memory: AuthorMemory, told: Told, read: Pg, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(author_memory, "QUIET_SECONDS", 60.0)
    monkeypatch.setattr(author_memory, "CAPACITY", 8)
    ann = await views.account(read, "ann")
    for app_id in range(20):
        await memory.author(ann, app_id)
    assert sum(memory.recall(ann, app_id) is not None for app_id in range(20)) <= author_memory.APPS
    assert memory.recall(ann, 19) is not None
    for number in range(20):
        someone = await views.account(read, f"some{number}")
        await memory.author(someone, None)
        told.say(Touched(accounts=(someone,)))
    assert len(memory._again) <= 8


async def test_who_wrote_meanwhile_is_not_read_again(
    memory: AuthorMemory, authors: Counted, told: Told, read: Pg
) -> None:
    ann = await views.account(read, "ann")
    await memory.author(ann, None)
    told.say(Touched(accounts=(ann,)))
    await memory.author(ann, None)
    await asyncio.sleep(0.1)
    assert authors.asked == [(ann, None)] * 2


@pytest.fixture(scope="module")
def talking(admin_url: str) -> Iterator[str]:
    """A database in whose log a world has talked; nothing of it is folded yet."""
    with talking_in(admin_url, World(seed=4).events(200)) as url:
        yield url


async def test_it_is_what_the_views_say_after_every_commit(talking: str, told: Told) -> None:
    """Somebody is looked up after one commit, and as long as they are remembered that is what is found after others."""
    people, recalled = [person.account_id for person in World(seed=4).local], 0
    known = projections()
    with psycopg.connect(talking, autocommit=True) as folding:
        generation.look_at(folding, generation.LIVE)
        async with pool_of_one(talking) as asking, Authors(asking) as authors, AuthorMemory(authors, told) as memory:
            while folded := await asyncio.to_thread(fold, folding, known, live=True, limit=2):
                told.say(touched(folded.entries))
                for each in people:
                    remembered, now = memory.recall(each, None), await authors.author(each, None)
                    recalled += remembered is not None
                    assert remembered is None or remembered == now
                    await memory.author(each, None)
    assert recalled > 100
