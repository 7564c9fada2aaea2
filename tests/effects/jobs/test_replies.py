"""A thread is completed beside the queue of fetches, which wants what its posts answer too: each is asked for once."""

import asyncio
import contextlib

import pytest

from fedi.clock import now
from fedi.effects.fetch import Fetch
from fedi.effects.fetching import Fetching
from fedi.effects.jobs import replies
from fedi.services.threads import FetchReplies
from tests.support.acting import deps_of
from tests.support.fake_actor import Document
from tests.support.fake_remote import FakeRemote
from tests.support.here import SITE, Here, until

WAITING = "SELECT uri FROM effects.fetches WHERE finished_at IS NULL"


async def queue(here: Here) -> None:
    """Fold, and queue what is not known; nothing that is queued may stay."""
    await here.run(Fetch(SITE, now, lambda: None))
    if not await here.rows(WAITING):
        return
    task = asyncio.create_task(Fetching(here.pool, here.means).run())
    try:
        await until(here, WAITING, [])
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def opened(here: Here, post: Document) -> None:
    """Complete the thread of a post, as if somebody had opened it."""
    ((number,),) = await here.rows("SELECT id FROM read.statuses WHERE uri = %s", post["id"])
    await replies.fetch.do(FetchReplies(status_id=number, thread_id=number), await deps_of(here))


@pytest.mark.parametrize("first", ["queue", "walk", "neither"])
async def test_what_a_post_answers_is_asked_for_once(here: Here, there: FakeRemote, first: str) -> None:
    alice = there.actor("alice")
    notes = [alice.note("the beginning")]
    for _ in range(3):
        notes.append(alice.note("and so on", inReplyTo=notes[-1]["id"]))
    await here.meet(alice.document())
    await here.meet(notes[-1])
    here.fold()
    match first:
        case "queue":
            await queue(here)
            await opened(here, notes[-1])
        case "walk":
            await opened(here, notes[-1])
        case _:
            await asyncio.gather(queue(here), opened(here, notes[-1]))
    for _ in notes:
        await queue(here)
    asked = [len(there.requests(each["id"].removeprefix(there.url("")))) for each in notes]
    assert asked == [1, 1, 1, 1]
    assert await here.rows("SELECT count(*) FROM read.statuses WHERE in_reply_to_id IS NOT NULL") == [(3,)]


async def test_where_nobody_can_be_reached_the_queue_tries_again(here: Here, there: FakeRemote) -> None:
    alice = there.actor("alice")
    note = alice.note(inReplyTo="http://127.0.0.1:1/notes/1")
    await here.meet(alice.document())
    await here.meet(note)
    here.fold()
    await opened(here, note)
    waiting = "SELECT uri, due_at > now() FROM effects.fetches WHERE finished_at IS NULL"
    assert await here.rows(waiting) == [("http://127.0.0.1:1/notes/1", True)]
