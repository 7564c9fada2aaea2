"""How local polls stand is told to other servers."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from fedi.effects.deps import Deps
from fedi.effects.jobs import tallies as jobs
from fedi.effects.tallies import Tallies, TellTally
from fedi.events.scheduled import PollExpired
from fedi.views import documents
from tests.support.acting import deps_of
from tests.support.fake_remote import FakeRemote
from tests.support.here import Document, Here, Person

WAITING = """SELECT (args->'job'->>'status_id')::bigint, scheduled_at > now() + interval '1 minute'
               FROM procrastinate_jobs ORDER BY id"""
PUBLISHED = (
    "SELECT convert_from(state, 'UTF8') FROM log.events WHERE topic = 'activity.published' ORDER BY notification_id"
)
ENDS = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
async def deps(here: Here) -> Deps:
    return await deps_of(here)


async def ask(here: Here, author: Person, **fields: Any) -> tuple[Document, int]:
    """Post a poll; return it and the id of its status."""
    options = [{"type": "Note", "name": name, "replies": {"totalItems": 0}} for name in ("yes", "no")]
    note = await here.post(author, type="Question", oneOf=options, endTime=ENDS.isoformat(), **fields)
    here.fold()
    ((status_id,),) = await here.rows("SELECT id FROM read.statuses WHERE uri = %s", note["id"])
    return note, status_id


async def vote(here: Here, there: FakeRemote, note: Document, name: str) -> None:
    zoe = there.actor(name)
    await here.meet(zoe.document())
    answer = {"id": f"{zoe.id}#votes/1", "type": "Note", "attributedTo": zoe.id, "name": "yes", "inReplyTo": note["id"]}
    await here.hear(
        {"id": f"{zoe.id}#1", "type": "Create", "actor": zoe.id, "object": answer, "to": [note["attributedTo"]]}
    )


async def test_votes_are_told_some_minutes_later_and_the_end_at_once(here: Here, there: FakeRemote, deps: Deps) -> None:
    ann = await here.person("ann")
    note, poll = await ask(here, ann)
    effect = Tallies(here.means.clock, deps.jobs)
    for name in ("zoe", "zed"):
        await vote(here, there, note, name)
        await here.run(effect)
    assert await here.rows(WAITING) == [(poll, True)]
    await here.append(PollExpired(status_id=poll, account_id=ann.account_id, expires_at=ENDS, told=()))
    await here.append(PollExpired(status_id=poll | 1, account_id=ann.account_id, expires_at=ENDS, told=()))
    await here.run(effect)
    assert await here.rows(WAITING) == [(poll, True), (poll, False)]


async def test_an_update_tells_how_a_poll_stands_and_edits_nothing(here: Here, there: FakeRemote, deps: Deps) -> None:
    ann = await here.person("ann")
    note, poll = await ask(here, ann)
    await vote(here, there, note, "zoe")
    here.fold()
    await jobs.tell.do(TellTally(status_id=poll), deps)
    here.fold()
    ((written,),) = (await here.rows(PUBLISHED))[-1:]
    update = json.loads(written)["document"]
    assert (update["type"], update["to"], update["object"]["id"]) == ("Update", note["to"], note["id"])
    assert [option["replies"]["totalItems"] for option in update["object"]["oneOf"]] == [1, 0]
    assert (update["object"]["votersCount"], update["object"].get("updated"), "closed" in update["object"]) == (
        1,
        None,
        False,
    )
    assert await here.rows("SELECT votes, edited_at FROM read.polls JOIN read.statuses ON id = status_id") == [
        ([1, 0], None)
    ]
    async with here.pool.connection() as connection:
        said = await documents.status(connection, "ann", poll, None)
    assert said is not None
    assert said.tally == documents.Tally(votes=(1, 0), voters=1, ended=None)


async def test_the_end_is_told(here: Here, deps: Deps) -> None:
    _, poll = await ask(here, await here.person("ann"))
    after = msgspec.structs.replace(here.means, clock=lambda: ENDS + timedelta(seconds=1))
    await jobs.tell.do(TellTally(status_id=poll), msgspec.structs.replace(deps, means=after))
    ((written,),) = (await here.rows(PUBLISHED))[-1:]
    assert "closed" in json.loads(written)["document"]["object"]


async def test_numbers_that_are_kept_back_are_not_told(here: Here, deps: Deps) -> None:
    _, poll = await ask(here, await here.person("ann"))
    before = await here.rows(PUBLISHED)
    await here.rows("UPDATE read.polls SET hide_totals = true RETURNING 1")
    await jobs.tell.do(TellTally(status_id=poll), deps)
    await jobs.tell.do(TellTally(status_id=poll + 2), deps)
    assert await here.rows(PUBLISHED) == before
