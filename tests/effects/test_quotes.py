"""Quotes between servers (FEP-044f): asking, answering, stamps and their end."""

from typing import Any

import msgspec
import pytest

from fedi.clock import now
from fedi.effects.answer import Answer
from fedi.effects.deliver import Deliver
from fedi.effects.fetch import Fetch
from fedi.events.activities import ActivityPublished
from tests.support.fake_actor import FakeActor
from tests.support.fake_remote import FakeRemote
from tests.support.here import PUBLIC, Here


def policy(rule: str) -> dict[str, Any]:
    return {"interactionPolicy": {"canQuote": {"automaticApproval": rule}}}


def asks(quoter: FakeActor, quoted: str) -> dict[str, Any]:
    """Ask to quote a post, with the post that is to do so inside."""
    return quoter.activity("QuoteRequest", quoted, instrument=quoter.note(quote=quoted))


def stamp_of(author: str, quote: str, quoted: str, number: int = 1) -> dict[str, Any]:
    return {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{author}/stamps/{number}",
        "type": "QuoteAuthorization",
        "attributedTo": author,
        "interactingObject": quote,
        "interactionTarget": quoted,
    }


async def answers(here: Here) -> list[dict[str, Any]]:
    """Let the server answer, and return what it says that was caused by something."""
    await here.run(Answer(here.appender, here.means.site), Deliver(here.borders, now))
    here.fold()
    found = await here.rows(
        "SELECT state FROM log.events WHERE topic = 'activity.published' AND cause IS NOT NULL ORDER BY notification_id"
    )
    return [msgspec.json.decode(msgspec.json.decode(state, type=ActivityPublished).document) for (state,) in found]


async def states(here: Here) -> list[str]:
    return [state for (state,) in await here.rows("SELECT state FROM read.quotes WHERE NOT gone ORDER BY status_id")]


async def test_who_may_quote_gets_a_stamp_and_the_quote_is_told(here: Here, there: FakeRemote) -> None:
    alice, bob = await here.person("alice"), there.actor("bob")
    await here.meet(bob.document())
    quoted = await here.post(alice, **policy(PUBLIC))
    request = asks(bob, quoted["id"])
    await here.hear(request)
    (accept,) = await answers(here)
    assert (accept["type"], accept["actor"], accept["to"]) == ("Accept", alice.id, [bob.id])
    asked = {"id": request["id"], "type": "QuoteRequest", "actor": bob.id, "object": quoted["id"]}
    assert accept["object"] == {**asked, "instrument": request["instrument"]["id"]}
    assert accept["result"].startswith(f"{alice.id}/quote_authorizations/")
    stamps = await here.rows("SELECT uri, quote_uri, quoted_uri FROM read.quote_stamps")
    assert stamps == [(accept["result"], request["instrument"]["id"], quoted["id"])]
    assert await here.rows("SELECT FROM read.notifications") == []

    await here.hear(bob.create({**request["instrument"], "quoteAuthorization": accept["result"]}))
    await answers(here)
    assert await states(here) == ["accepted"]
    assert await here.rows("SELECT type, account_id FROM read.notifications") == [("quote", alice.account_id)]


@pytest.mark.parametrize("rule", ["nobody", "followers"])
async def test_who_may_not_quote_is_told_so(here: Here, there: FakeRemote, rule: str) -> None:
    alice, bob = await here.person("alice"), there.actor("bob")
    await here.meet(bob.document())
    quoted = await here.post(alice, **policy({"nobody": alice.id, "followers": alice.followers}[rule]))
    await here.hear(asks(bob, quoted["id"]))
    (reject,) = await answers(here)
    assert (reject["type"], reject["actor"], "result" in reject) == ("Reject", alice.id, False)


async def test_what_may_not_be_seen_may_not_be_quoted(here: Here, there: FakeRemote) -> None:
    alice, bob = await here.person("alice"), there.actor("bob")
    await here.meet(bob.document())
    quoted = await here.post(alice, **policy(PUBLIC))
    await here.say(alice, "Block", bob.id)
    await here.hear(asks(bob, quoted["id"]))
    assert [each["type"] for each in await answers(here)] == ["Reject"]


async def test_a_stamp_received_is_shown_to_everybody_and_taken_off_again(here: Here, there: FakeRemote) -> None:
    alice, bob = await here.person("alice"), there.actor("bob")
    await here.meet(bob.document())
    quoted = bob.note(**policy(PUBLIC))
    await here.meet(quoted)
    post = await here.post(alice, quote=quoted["id"])
    number = f"{alice.id}#quote_requests/1"
    await here.say(alice, "QuoteRequest", quoted["id"], id=number, instrument=post, to=[bob.id])
    assert await answers(here) == []
    assert await states(here) == ["pending"]

    stamp = stamp_of(bob.id, post["id"], quoted["id"])["id"]
    await here.hear(bob.activity("Accept", number, result=stamp))
    (update,) = await answers(here)
    assert (update["type"], update["object"]["quoteAuthorization"]) == ("Update", stamp)
    assert await states(here) == ["accepted"]
    assert await here.rows("SELECT edited_at FROM read.statuses WHERE uri = %s", post["id"]) == [(None,)]

    await here.hear(bob.activity("Delete", stamp))
    _, update = await answers(here)
    assert (update["object"]["quote"], "quoteAuthorization" in update["object"]) == (quoted["id"], False)
    assert await states(here) == ["revoked"]


async def test_nobody_answers_for_a_post_that_is_not_theirs(here: Here, there: FakeRemote) -> None:
    alice, bob, mallory = await here.person("alice"), there.actor("bob"), there.actor("mallory")
    for actor in (bob, mallory):
        await here.meet(actor.document())
    quoted = bob.note()
    await here.meet(quoted)
    post = await here.post(alice, quote=quoted["id"])
    request = {"type": "QuoteRequest", "actor": alice.id, "object": quoted["id"], "instrument": post["id"]}
    await here.hear(mallory.activity("Accept", request, result=f"{mallory.id}/stamps/1"))
    assert await answers(here) == []
    assert await states(here) == ["pending"]


async def test_s_124_a_stamp_counts_for_the_two_posts_that_it_names(here: Here, there: FakeRemote) -> None:
    await here.person("alice")
    bob, carol = there.actor("bob"), there.actor("carol")
    for actor in (bob, carol):
        await here.meet(actor.document())
    quoted, other = bob.note(), bob.note()
    for note in (quoted, other):
        await here.meet(note)
    quote, third = carol.note(quote=quoted["id"]), carol.note(quote=quoted["id"])
    for note in (quote, third):
        await here.hear(carol.create(note))
    wrong = [
        stamp_of(carol.id, quote["id"], quoted["id"], 1),
        stamp_of(bob.id, quote["id"], other["id"], 2),
        stamp_of(bob.id, f"{quote['id']}0", quoted["id"], 3),
    ]
    for stamp in wrong:
        await here.meet(stamp)
    here.fold()
    assert await states(here) == ["pending", "pending"]
    await here.meet(stamp_of(bob.id, quote["id"], quoted["id"], 4))
    here.fold()
    accepted = await here.rows(
        "SELECT uri FROM read.quotes JOIN read.statuses ON id = status_id WHERE state = 'accepted'"
    )
    assert accepted == [(quote["id"],)]


async def test_a_stamp_is_fetched_where_its_author_lives_and_nowhere_else(here: Here, there: FakeRemote) -> None:
    await here.person("alice")
    bob, carol = there.actor("bob"), there.actor("carol")
    for actor in (bob, carol):
        await here.meet(actor.document())
    quoted = bob.note()
    await here.meet(quoted)
    stamp = f"{bob.id}/stamps/1"
    await here.hear(carol.create(carol.note(quote=quoted["id"], quoteAuthorization=stamp)))
    await here.hear(carol.create(carol.note(quote=quoted["id"], quoteAuthorization="https://elsewhere.example/1")))
    await here.run(Fetch(here.means.site, here.means.clock, lambda: None))
    assert await here.rows("SELECT uri FROM effects.fetches WHERE uri LIKE '%%stamps%%' OR host LIKE 'else%%'") == [
        (stamp,)
    ]


async def test_a_stamp_taken_back_is_told_to_all_who_saw_the_quote(here: Here, there: FakeRemote) -> None:
    alice, bob = await here.person("alice"), there.actor("bob")
    await here.meet(bob.document())
    quoted = await here.post(alice, **policy(PUBLIC))
    request = asks(bob, quoted["id"])
    await here.hear(request)
    await here.hear(bob.create(request["instrument"]))
    (accept,) = await answers(here)
    position = await here.say(alice, "Delete", accept["result"], to=[PUBLIC])
    await answers(here)
    assert await states(here) == ["revoked"]
    assert await here.rows("SELECT FROM read.quote_stamps") == []
    told = "SELECT url FROM effects.deliveries JOIN effects.inboxes ON id = inbox_id WHERE position = %s"
    assert await here.rows(told, position) == [(there.url("/inbox"),)]
