"""Somebody elsewhere moves: people here are taken along, once the new account was asked whether it agrees."""

from typing import Any

import msgspec
import pytest

from fedi.effects.jobs.move import take_along
from fedi.effects.move import Move, TakeFollowersAlong
from fedi.services.jobs import Jobs
from tests.support.acting import deps_of
from tests.support.fake_remote import FakeRemote
from tests.support.here import Here

JOBS = "SELECT args -> 'job' FROM procrastinate_jobs WHERE task_name = 'accounts.take_followers_along'"


async def test_a_move_that_is_heard_becomes_a_job(here: Here, there: FakeRemote) -> None:
    bob, new = there.actor("bob"), there.actor("new")
    await here.meet(bob.document())
    move = {"id": f"{bob.id}#moves/1", "type": "Move", "actor": bob.id, "object": bob.id, "target": new.id}
    await here.hear(move)
    await here.hear({**move, "id": f"{bob.id}#moves/2", "target": bob.id})
    here.fold()
    jobs = Jobs(here.pool)
    await jobs.open()
    await here.run(Move(jobs))
    ((job,),) = await here.rows(JOBS)
    assert job["target_uri"] == new.id


@pytest.mark.parametrize("agrees", [True, False])
async def test_the_new_account_is_asked_before(here: Here, there: FakeRemote, agrees: bool) -> None:
    old = there.url("/users/old")
    new = there.actor("new", alsoKnownAs=[old] if agrees else [])
    told: list[tuple[int, str]] = []
    here.fold()

    async def taken(account_id: int, target_uri: str) -> None:
        here.fold()
        rows: list[Any] = await here.rows(f"SELECT also_known_as FROM read.accounts WHERE uri = '{target_uri}'")
        assert rows == [([old] if agrees else [],)]
        told.append((account_id, target_uri))

    deps = msgspec.structs.replace(await deps_of(here), take_along=taken)
    await take_along.do(TakeFollowersAlong(account_id=7, target_uri=new.id), deps)
    assert told == [(7, new.id)]
