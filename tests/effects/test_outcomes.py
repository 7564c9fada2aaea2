"""What operators may try again, and what not."""

from datetime import timedelta

import pytest

from fedi.clock import now
from fedi.effects import outcomes
from fedi.effects.deliver import Deliver
from fedi.effects.outcomes import Wanted
from fedi.views.borders import Border, Rule
from tests.support.erasing import erase_all
from tests.support.fake_actor import FakeActor
from tests.support.fake_remote import FakeRemote
from tests.support.here import Here, Person

OPEN = Border(rules={})


@pytest.fixture
async def refused(here: Here, there: FakeRemote) -> FakeActor:
    """Somebody whose server refused a post."""
    alice, bob = await here.person("alice"), there.actor("bob")
    follow = bob.follow(alice.id)
    await here.meet(bob.document())
    await here.hear(follow)
    await here.say(alice, "Accept", follow)
    await here.post(alice)
    await here.run(Deliver(here.borders, now))
    await here.rows("UPDATE effects.deliveries SET outcome = 'refused', status = 403, finished_at = now() RETURNING 1")
    await here.rows("UPDATE effects.hosts SET wake_at = NULL RETURNING 1")
    return bob


async def counts(here: Here) -> dict[str, int]:
    async with here.pool.connection() as connection:
        return {str(outcome): number for outcome, number in (await outcomes.counted(connection, Wanted())).items()}


async def reopen(here: Here, border: Border = OPEN, later: timedelta = timedelta(0)) -> None:
    async with here.pool.connection() as connection:
        await outcomes.reopen(connection, border, now() + later, None)


async def test_what_was_refused_may_be_tried_once_more(here: Here, refused: FakeActor) -> None:
    await reopen(here)
    assert await counts(here) == {"waiting": 2}
    async with here.pool.connection() as connection:
        (retried,) = await outcomes.retry(connection, now(), refused.remote.authority)
        assert await outcomes.retry(connection, now(), "elsewhere.example") == []
    assert (retried.host, retried.waiting) == (refused.remote.authority, 2)
    assert await here.rows("SELECT wake_at <= now() FROM effects.hosts") == [(True,)]


async def test_what_is_too_old_is_not_tried_again(here: Here, refused: FakeActor) -> None:
    await reopen(here, later=timedelta(days=15))
    assert await counts(here) == {"refused": 2}


async def test_nothing_is_tried_again_where_nothing_goes(here: Here, refused: FakeActor) -> None:
    name = refused.remote.host
    suspended = Rule(domain=name, severity="suspend", reject_media=False, reject_reports=False)
    await reopen(here, Border(rules={name: suspended}))
    assert await counts(here) == {"refused": 2}


async def test_what_was_erased_cannot_be_tried_again(here: Here, refused: FakeActor) -> None:
    ((account_id, post),) = await here.rows("SELECT account_id, uri FROM read.statuses")
    await here.say(Person("alice", account_id), "Delete", {"id": post, "type": "Tombstone"})
    here.fold()
    await erase_all(here.url)
    await reopen(here)
    assert await counts(here) == {"waiting": 1, "expired": 1}
