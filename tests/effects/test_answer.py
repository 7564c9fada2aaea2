from typing import Any

import msgspec

from fedi.effects.answer import Answer
from fedi.events.activities import ActivityPublished
from fedi.events.domains import DomainBlocked
from tests.support.fake_remote import FakeRemote
from tests.support.here import Here


async def answers(here: Here) -> list[dict[str, Any]]:
    found = await here.rows("SELECT state FROM log.events WHERE topic = 'activity.published' ORDER BY notification_id")
    return [msgspec.json.decode(msgspec.json.decode(state, type=ActivityPublished).document) for (state,) in found]


async def test_a_follow_of_an_open_account_is_accepted_once(here: Here, there: FakeRemote) -> None:
    alice, bob = await here.person("alice"), there.actor("bob")
    await here.meet(bob.document())
    follow = bob.follow(alice.id)
    await here.hear(follow)
    await here.run(Answer(here.appender, here.means.site))
    await here.rows("UPDATE effects.cursors SET position = 1 WHERE name = 'answer' RETURNING 1")
    await here.run(Answer(here.appender, here.means.site))

    (accept,) = await answers(here)
    assert (accept["type"], accept["actor"], accept["to"]) == ("Accept", alice.id, [bob.id])
    assert accept["object"] == {"id": follow["id"], "type": "Follow", "actor": bob.id, "object": alice.id}
    assert accept["id"].startswith(f"{alice.id}#accepts/follows/")
    assert await here.rows("SELECT accepted FROM read.follows") == [(True,)]


async def test_a_locked_account_is_asked_itself_and_who_follows_already_is_told_again(
    here: Here, there: FakeRemote
) -> None:
    alice, bob = await here.person("alice", manuallyApprovesFollowers=True), there.actor("bob")
    await here.meet(bob.document())
    first = bob.follow(alice.id)
    await here.hear(first)
    await here.run(Answer(here.appender, here.means.site))
    assert await answers(here) == []

    await here.say(alice, "Accept", first)
    again = bob.follow(alice.id)
    await here.hear(again)
    await here.run(Answer(here.appender, here.means.site))
    assert [each["object"]["id"] for each in await answers(here)] == [first["id"], again["id"]]


async def test_whom_one_blocks_is_rejected(here: Here, there: FakeRemote) -> None:
    alice, bob = await here.person("alice"), there.actor("bob")
    await here.meet(bob.document())
    await here.say(alice, "Block", bob.id)
    await here.hear(bob.follow(alice.id))
    await here.run(Answer(here.appender, here.means.site))
    assert [each["type"] for each in await answers(here)] == ["Block", "Reject"]
    here.fold()
    here.fold()
    assert await here.rows("SELECT * FROM read.follows") == []


async def test_whose_server_one_blocks_is_rejected(here: Here, there: FakeRemote) -> None:
    alice, bob = await here.person("alice"), there.actor("bob")
    await here.meet(bob.document())
    here.fold()
    ((domain,),) = await here.rows("SELECT domain FROM read.accounts WHERE uri = %s", bob.id)
    await here.append(DomainBlocked(account_id=alice.account_id, domain=domain))
    await here.hear(bob.follow(alice.id))
    await here.run(Answer(here.appender, here.means.site))
    assert [each["type"] for each in await answers(here)] == ["Reject"]


async def test_what_the_server_says_itself_is_never_answered(here: Here, there: FakeRemote) -> None:
    alice, carol = await here.person("alice"), await here.person("carol")
    await here.say(alice, "Follow", carol.id)
    await here.run(Answer(here.appender, here.means.site))
    assert [each["type"] for each in await answers(here)] == ["Follow"]
