"""Who was met is looked at again: gone, or called otherwise, without having told anybody here."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import msgspec
import pytest

from fedi.commands.strangers import STALE, Strangers
from fedi.views.progress import Progress
from tests.support import servers
from tests.support.fake_remote import Answer, FakeRemote
from tests.support.here import Here, running


@pytest.fixture
async def here(admin_url: str) -> AsyncIterator[Here]:
    with servers.fresh_database(admin_url) as url:
        async with running(url) as server:
            yield server


async def looked_at(here: Here, uri: str, later: timedelta) -> None:
    moment = here.means.clock() + later
    strangers = Strangers(msgspec.structs.replace(here.means, clock=lambda: moment), Progress(here.url))
    before = asyncio.all_tasks()
    strangers.look_again(uri)
    await asyncio.gather(*(asyncio.all_tasks() - before))
    here.fold()


async def test_somebody_is_looked_at_again_after_a_day(here: Here, there: FakeRemote) -> None:
    alice = there.actor("alice")
    await here.meet(alice.document())
    here.fold()
    await looked_at(here, alice.id, STALE / 2)
    assert there.received == []
    alice.fields["preferredUsername"] = "alicia"
    await looked_at(here, alice.id, STALE * 2)
    assert await here.rows("SELECT username FROM read.accounts") == [("alicia",)]
    there.answer(alice.path, Answer(status=500))
    await looked_at(here, alice.id, STALE * 4)
    assert await here.rows("SELECT username FROM read.accounts") == [("alicia",)]
    there.answer(alice.path, Answer(status=410))
    await looked_at(here, alice.id, STALE * 4)
    assert await here.rows("SELECT username FROM read.accounts") == []
