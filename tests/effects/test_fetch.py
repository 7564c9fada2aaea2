"""What nobody here knows is queued, and learnt."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from fedi.clock import now
from fedi.effects import fetch, fetching
from fedi.effects.fetch import Fetch
from fedi.effects.fetching import Fetching
from tests.support.fake_actor import FakeActor
from tests.support.fake_remote import Answer, FakeRemote
from tests.support.here import SITE, Here, until

QUEUED = "SELECT uri, kind FROM effects.fetches WHERE finished_at IS NULL ORDER BY 1, 2"
UNFINISHED = "SELECT count(*) FROM effects.fetches WHERE finished_at IS NULL"


async def queue(here: Here) -> None:
    await here.run(Fetch(SITE, now, lambda: None))


@contextlib.asynccontextmanager
async def learning(here: Here) -> AsyncIterator[Fetching]:
    worker = Fetching(here.pool, here.means)
    task = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def test_a_boosted_post_is_fetched_and_the_boost_counts(here: Here, there: FakeRemote) -> None:
    alice, bob = there.actor("alice"), there.actor("bob")
    note = alice.note("worth it")
    await here.meet(bob.document())
    await here.hear(bob.announce(note["id"]))
    await queue(here)
    assert await here.rows(QUEUED) == [(note["id"], "object")]
    async with learning(here):
        await until(here, UNFINISHED, [(0,)])
    here.fold()
    boosts = "SELECT b.uri FROM read.statuses s JOIN read.statuses b ON b.boost_of_id = s.id WHERE s.uri = %s"
    assert len(await here.rows(boosts, note["id"])) == 1


async def test_a_post_by_somebody_unknown_is_fetched_with_its_author(here: Here, there: FakeRemote) -> None:
    alice = there.actor("alice")
    note = alice.note("who said that?")
    await here.hear(alice.create(note))
    await queue(here)
    async with learning(here):
        await until(here, UNFINISHED, [(0,)])
    here.fold()
    known = "SELECT s.uri, a.uri FROM read.statuses s JOIN read.accounts a ON a.id = s.account_id"
    assert await here.rows(known) == [(note["id"], alice.id)]


async def test_a_thread_is_climbed_parent_by_parent_but_not_for_ever(
    here: Here, there: FakeRemote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "MAX_DEPTH", 2)
    alice = there.actor("alice")
    await here.meet(alice.document())
    notes = [alice.note("first")]
    for _ in range(5):
        notes.append(alice.note("and so on", inReplyTo=notes[-1]["id"]))
    await here.hear(alice.create(notes[-1]))
    for _ in range(5):
        await queue(here)
        async with learning(here):
            await until(here, UNFINISHED, [(0,)])
    known = {uri for (uri,) in await here.rows("SELECT uri FROM read.statuses")}
    assert known == {note["id"] for note in notes[-4:]}


async def test_following_a_stranger_brings_what_a_profile_shows(here: Here, there: FakeRemote) -> None:
    alice, bob = await here.person("alice"), there.actor("bob")
    note = bob.note("hello")
    await here.meet(bob.document())
    await here.say(alice, "Follow", bob.id)
    await queue(here)
    assert await here.rows(QUEUED) == [(bob.id, "contact")]
    async with learning(here):
        await until(here, UNFINISHED, [(0,)])
    here.fold()
    assert await here.rows("SELECT uri FROM read.statuses") == [(note["id"],)]


async def test_who_is_heard_after_long_is_looked_at_again_once_a_day(
    here: Here, there: FakeRemote, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = there.actor("bob")
    await here.meet(bob.document())
    await here.hear(bob.create(bob.note()))
    await queue(here)
    assert await here.rows(QUEUED) == []
    await here.rows("UPDATE read.accounts SET changed_at = now() - interval '8 days' RETURNING 1")
    bob.fields["name"] = "Bob the Second"
    for _ in range(2):
        await here.hear(bob.create(bob.note()))
        await queue(here)
        async with learning(here):
            await until(here, UNFINISHED, [(0,)])
    here.fold()
    assert await here.rows("SELECT display_name FROM read.accounts") == [("Bob the Second",)]
    assert len(there.requests(bob.path)) == 1


async def test_a_post_that_names_thousands_costs_no_more_than_thirty_fetches(here: Here, there: FakeRemote) -> None:
    bob = there.actor("bob")
    await here.meet(bob.document())
    named = [f"https://h{number}.example/users/x" for number in range(200)]
    tags = [{"type": "Mention", "href": uri, "name": "@x"} for uri in named]
    await here.hear(bob.create(bob.note(tag=tags, cc=named)))
    await queue(here)
    ((queued,),) = await here.rows(UNFINISHED)
    assert 0 < queued <= fetch.MAX_PER_EVENT


async def test_our_own_uris_are_not_fetched(here: Here, there: FakeRemote) -> None:
    bob = there.actor("bob")
    await here.meet(bob.document())
    await here.hear(bob.announce(f"{SITE.base_url}/users/nobody/statuses/1"))
    await queue(here)
    assert await here.rows(QUEUED) == []


async def test_a_host_that_cannot_be_reached_is_tried_three_times_and_one_that_says_no_once(
    here: Here, there: FakeRemote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "PAUSES", (timedelta(0), timedelta(0)))
    bob = there.actor("bob")
    await here.meet(bob.document())
    await here.hear(bob.announce("http://127.0.0.1:1/note"))
    there.answer("/no", Answer(status=403))
    await here.hear(bob.announce(there.url("/no")))
    await queue(here)
    async with learning(here):
        await until(here, UNFINISHED, [(0,)])
    tried = await here.rows("SELECT uri, attempts, position FROM effects.fetches ORDER BY attempts")
    assert tried == [(there.url("/no"), 1, None), ("http://127.0.0.1:1/note", 3, None)]


async def test_s_064_one_host_cannot_have_any_number_of_things_fetched(
    here: Here, there: FakeRemote, elsewhere: FakeRemote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "MAX_WAITING", 4)
    alice, bob = there.actor("alice"), elsewhere.actor("bob")
    for document in (alice.document(), bob.document()):
        await here.meet(document)
    for number in range(3):
        await here.hear(alice.announce(f"https://far.example/{number}"))
    await queue(here)
    for number in range(3, 9):
        await here.hear(alice.announce(f"https://far.example/{number}"))
    await here.hear(bob.announce("https://far.example/bobs"))
    await queue(here)
    asked = [uri.rpartition("/")[2] for uri, _ in await here.rows(QUEUED)]
    assert asked == ["0", "1", "2", "3", "bobs"]


async def community(here: Here, there: FakeRemote, *, followed: bool) -> FakeActor:
    """A community elsewhere, whose posts are written on yet another server."""
    cats = there.actor("cats", type="Group")
    await here.meet(cats.document())
    if followed:
        ann = await here.person("ann")
        await here.say(ann, "Follow", cats.id)
        follow = {"type": "Follow", "actor": ann.id, "object": cats.id}
        await here.hear(cats.accept(follow))
    return cats


async def a_minute_later(here: Here) -> None:
    await here.rows("UPDATE effects.fetches SET finished_at = finished_at - interval '1 minute' RETURNING 1")


async def learnt(here: Here) -> None:
    """Fetch what is queued, and fold what came."""
    await queue(here)
    async with learning(here):
        await until(here, UNFINISHED, [(0,)])
    here.fold()


async def test_a_comment_that_a_community_tells_of_is_fetched_and_not_boosted(
    here: Here, there: FakeRemote, elsewhere: FakeRemote
) -> None:
    cats = await community(here, there, followed=True)
    author = elsewhere.actor("author")
    note = author.note("well said", inReplyTo=cats.note("first")["id"])
    await here.hear(cats.announce(author.create({**note, "content": "<p>forged</p>"})))
    await learnt(here)
    assert await here.rows("SELECT content FROM read.statuses WHERE uri = %s", note["id"]) == [("<p>well said</p>",)]
    assert await here.rows("SELECT 1 FROM read.statuses WHERE boost_of_id IS NOT NULL") == []


async def test_hints_of_those_whom_nobody_follows_are_not_followed(
    here: Here, there: FakeRemote, elsewhere: FakeRemote
) -> None:
    cats = await community(here, there, followed=False)
    author = elsewhere.actor("author")
    await here.hear(cats.announce(author.create(author.note("spam", inReplyTo=cats.note("first")["id"]))))
    await queue(here)
    assert await here.rows(QUEUED) == []


async def test_what_a_community_tells_to_be_changed_or_gone_is_looked_at_where_it_lives(
    here: Here, there: FakeRemote, elsewhere: FakeRemote
) -> None:
    cats = await community(here, there, followed=True)
    author = elsewhere.actor("author")
    note = author.note("a post")
    await here.hear(cats.announce(author.create(note)))
    await learnt(here)
    boosts = "SELECT 1 FROM read.statuses WHERE boost_of_id IS NOT NULL"
    assert await here.rows(boosts) == [(1,)]
    update = author.update(note, content="<p>another one</p>")
    await here.hear(cats.announce({**update, "object": {**note, "content": "<p>forged</p>"}}))
    await a_minute_later(here)
    await learnt(here)
    texts = "SELECT content FROM read.statuses WHERE uri = %s"
    assert await here.rows(texts, note["id"]) == [("<p>another one</p>",)]
    elsewhere.answer(note["id"].removeprefix(elsewhere.origin), Answer(status=410))
    await here.hear(cats.announce(author.activity("Delete", note["id"])))
    await a_minute_later(here)
    here.fold()
    assert await here.rows(boosts) == []
    assert len(await here.rows(texts, note["id"])) == 1
    await learnt(here)
    assert await here.rows(texts, note["id"]) == []


async def test_a_like_of_a_post_of_ours_that_a_community_tells_of_counts_if_its_own_server_says_so(
    here: Here, there: FakeRemote, elsewhere: FakeRemote
) -> None:
    cats = await community(here, there, followed=True)
    ben = await here.person("ben")
    post = await here.post(ben)
    author = elsewhere.actor("author")
    true, forged = author.like(post["id"]), author.like(post["id"])
    elsewhere.serve(true["id"].removeprefix(elsewhere.origin), true)
    await here.hear(cats.announce(forged))
    await learnt(here)
    assert await here.rows("SELECT 1 FROM read.favourites") == []
    await here.hear(cats.announce(true))
    await learnt(here)
    assert await here.rows("SELECT a.uri FROM read.favourites f JOIN read.accounts a ON a.id = f.account_id") == [
        (author.id,)
    ]


async def test_a_post_that_is_only_named_is_fetched(here: Here, there: FakeRemote) -> None:
    alice = there.actor("alice")
    await here.meet(alice.document())
    note = alice.note("look it up")
    await here.hear(alice.activity("Create", note["id"]))
    await learnt(here)
    assert await here.rows("SELECT content FROM read.statuses") == [("<p>look it up</p>",)]
