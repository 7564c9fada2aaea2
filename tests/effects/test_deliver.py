"""Who gets what: from facts to rows of the queue."""

from typing import Any
from unittest import mock

import pytest
from psycopg import AsyncCursor

from fedi.clock import now
from fedi.effects import deliver
from fedi.effects.deliver import Deliver
from fedi.sql import queries
from tests.support.here import PUBLIC, Here, Person


async def run(here: Here) -> None:
    await here.run(Deliver(here.borders, now))


async def queued(here: Here, position: int | None = None) -> list[str]:
    """Return the inboxes that wait for the activity at a position, or at the last."""
    if position is None:
        ((position,),) = await here.rows("SELECT max(notification_id) FROM log.events")
    rows = await here.rows(
        "SELECT url FROM effects.deliveries JOIN effects.inboxes ON id = inbox_id WHERE position = %s ORDER BY url",
        position,
    )
    return [url for (url,) in rows]


class Elsewhere:
    """Somebody on a host of documents alone: nothing is sent there."""

    def __init__(self, name: str, host: str) -> None:
        self.host = host
        self.id = f"https://{host}/users/{name}"
        self.inbox = f"{self.id}/inbox"
        self.shared = f"https://{host}/inbox"
        self.name = name
        self.number = 0

    def document(self, **fields: Any) -> dict[str, Any]:
        return {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": self.id,
            "type": "Person",
            "preferredUsername": self.name,
            "inbox": self.inbox,
            "followers": f"{self.id}/followers",
            "endpoints": {"sharedInbox": self.shared},
            **fields,
        }

    def act(self, kind: str, target: Any, **fields: Any) -> dict[str, Any]:
        self.number += 1
        return {"id": f"{self.id}#{self.number}", "type": kind, "actor": self.id, "object": target, **fields}


async def follows(here: Here, follower: Elsewhere, person: Person) -> dict[str, Any]:
    follow = follower.act("Follow", person.id)
    await here.meet(follower.document())
    await here.hear(follow)
    await here.say(person, "Accept", follow, to=[follower.id])
    return follow


async def test_an_answer_goes_to_the_askers_own_inbox(here: Here) -> None:
    alice, bob = await here.person("alice"), Elsewhere("bob", "b.example")
    await follows(here, bob, alice)
    await run(here)
    assert await queued(here) == [bob.inbox]


async def test_a_post_goes_to_each_followers_server_once_and_to_no_local_inbox(here: Here) -> None:
    alice, carol = await here.person("alice"), await here.person("carol")
    for name, host in (("bob", "b.example"), ("ben", "b.example"), ("cid", "c.example")):
        await follows(here, Elsewhere(name, host), alice)
    await here.say(carol, "Follow", alice.id, id="http://localhost:3000/f")
    await here.say(alice, "Accept", {"id": "http://localhost:3000/f", "type": "Follow", "actor": carol.id})
    await here.post(alice)
    await run(here)
    assert await queued(here) == ["https://b.example/inbox", "https://c.example/inbox"]


async def test_the_audience_is_the_one_at_the_position(here: Here) -> None:
    alice, bob, cid = await here.person("alice"), Elsewhere("bob", "b.example"), Elsewhere("cid", "c.example")
    follow = await follows(here, bob, alice)
    await here.post(alice)
    ((posted,),) = await here.rows("SELECT max(notification_id) FROM log.events")
    await here.hear(bob.act("Undo", follow))
    await follows(here, cid, alice)
    await here.post(alice)
    await run(here)
    assert await queued(here, posted) == [bob.shared]
    assert await queued(here) == [cid.shared]


@pytest.mark.parametrize(
    ("to", "cc", "expected"),
    [
        ([PUBLIC], ["followers"], ["bob", "dora"]),
        (["followers"], [PUBLIC], ["bob", "dora"]),
        (["followers"], [], ["bob", "dora"]),
        ([], [], ["dora"]),
    ],
)
async def test_each_visibility_reaches_whom_it_says_and_nobody_else(
    here: Here, to: list[str], cc: list[str], expected: list[str]
) -> None:
    alice = await here.person("alice")
    people = {name: Elsewhere(name, f"{name}.example") for name in ("bob", "dora", "eve")}
    await follows(here, people["bob"], alice)
    for stranger in ("dora", "eve"):
        await here.meet(people[stranger].document())
    parent = people["eve"].act(
        "Create",
        {
            "id": "https://eve.example/1",
            "type": "Note",
            "attributedTo": people["eve"].id,
            "content": "x",
            "to": [PUBLIC],
        },
    )
    await here.hear(parent)
    named = {"followers": alice.followers}
    mention = {"type": "Mention", "href": people["dora"].id, "name": "@dora@dora.example"}
    await here.post(
        alice,
        to=[named.get(each, each) for each in to],
        cc=[*(named.get(each, each) for each in cc), people["dora"].id],
        tag=[mention],
        inReplyTo="https://eve.example/1",
    )
    await run(here)
    # Whom it answers is told only when it is said in the open.
    if PUBLIC in [*to, *cc]:
        expected = [*expected, "eve"]
    assert await queued(here) == [people[name].shared for name in expected]


async def test_an_edit_and_a_deletion_go_where_the_original_went_and_to_whoever_acted_on_it(here: Here) -> None:
    alice = await here.person("alice")
    bob, cid, dora = (Elsewhere(name, f"{name}.example") for name in ("bob", "cid", "dora"))
    follow = await follows(here, bob, alice)
    note = await here.post(alice)
    await here.hear(bob.act("Undo", follow))
    await follows(here, cid, alice)
    await here.meet(dora.document())
    await here.hear(dora.act("Like", note["id"]))
    update = {**note, "content": "<p>changed</p>", "updated": "2030-01-01T00:00:00Z"}
    await here.say(alice, "Update", update, to=note["to"], cc=note["cc"])
    await run(here)
    assert await queued(here) == [bob.shared, dora.shared]

    await here.say(alice, "Delete", {"id": note["id"], "type": "Tombstone"}, to=[PUBLIC])
    await run(here)
    assert await queued(here) == [bob.shared, dora.shared]
    assert await here.rows("SELECT * FROM effects.sent") == []


async def test_whoever_acts_on_a_private_post_that_they_may_not_read_is_not_sent_its_edits(here: Here) -> None:
    alice, bob, mallory = (
        await here.person("alice"),
        Elsewhere("bob", "b.example"),
        Elsewhere("mallory", "m.example"),
    )
    await follows(here, bob, alice)
    await here.meet(mallory.document())
    note = await here.post(alice, to=(alice.followers,))
    await here.hear(mallory.act("Like", note["id"]))
    uri = "https://m.example/1"
    reply = {"id": uri, "type": "Note", "attributedTo": mallory.id, "content": "x", "to": [PUBLIC]}
    await here.hear(mallory.act("Create", {**reply, "inReplyTo": note["id"]}))
    later = Elsewhere("late", "l.example")
    await follows(here, later, alice)
    await here.hear(later.act("Like", note["id"]))
    update = {**note, "content": "<p>secret</p>", "updated": "2030-01-01T00:00:00Z"}
    await here.say(alice, "Update", update, to=note["to"], cc=note["cc"])
    await run(here)
    assert await queued(here) == [bob.shared, later.shared]


async def test_a_post_and_its_end_in_one_batch_reach_the_same_servers(here: Here) -> None:
    alice, bob = await here.person("alice"), Elsewhere("bob", "b.example")
    await follows(here, bob, alice)
    note = await here.post(alice)
    await here.say(alice, "Delete", {"id": note["id"], "type": "Tombstone"}, to=[PUBLIC])
    await run(here)
    assert await queued(here) == [bob.shared]


async def test_a_boost_a_favourite_and_their_undoing(here: Here) -> None:
    alice, bob, cid = await here.person("alice"), Elsewhere("bob", "b.example"), Elsewhere("cid", "c.example")
    await follows(here, bob, alice)
    await here.meet(cid.document())
    uri = "https://c.example/1"
    post = {"id": uri, "type": "Note", "attributedTo": cid.id, "content": "x", "to": [PUBLIC]}
    await here.hear(cid.act("Create", post))
    like = {"id": f"{alice.id}#l", "type": "Like", "actor": alice.id, "object": uri}
    liked = await here.say(alice, "Like", uri, id=like["id"])
    undone = await here.say(alice, "Undo", like)
    boost = {"id": f"{alice.id}#b", "type": "Announce", "actor": alice.id, "object": uri}
    audience = {"to": [PUBLIC], "cc": [alice.followers, cid.id]}
    boosted = await here.say(alice, "Announce", uri, id=boost["id"], status_id=4711 << 16, **audience)
    unboosted = await here.say(alice, "Undo", boost)
    await run(here)
    assert await queued(here, liked) == [cid.inbox]
    assert await queued(here, undone) == [cid.inbox]
    assert await queued(here, boosted) == [bob.shared, cid.shared]
    assert await queued(here, unboosted) == [bob.shared, cid.shared]


async def test_follows_blocks_and_their_end_go_to_the_other_side(here: Here) -> None:
    alice, bob = await here.person("alice"), Elsewhere("bob", "b.example")
    await follows(here, bob, alice)
    positions = [
        await here.say(alice, "Follow", bob.id, id=f"{alice.id}#f"),
        await here.say(alice, "Undo", {"id": f"{alice.id}#f", "type": "Follow", "actor": alice.id, "object": bob.id}),
        await here.say(alice, "Block", bob.id),
        await here.say(alice, "Undo", {"type": "Block", "actor": alice.id, "object": bob.id}),
    ]
    await run(here)
    for position in positions:
        assert await queued(here, position) == [bob.inbox]


async def test_a_changed_profile_goes_to_followers(here: Here) -> None:
    alice, bob = await here.person("alice"), Elsewhere("bob", "b.example")
    await follows(here, bob, alice)
    await here.say(alice, "Update", alice.document(name="Alice the Second"), to=[PUBLIC])
    await run(here)
    assert await queued(here) == [bob.shared]


async def test_a_reply_to_a_local_post_goes_to_the_parents_audience_too(here: Here) -> None:
    alice, carol, bob = await here.person("alice"), await here.person("carol"), Elsewhere("bob", "b.example")
    await follows(here, bob, alice)
    note = await here.post(alice)
    await here.post(carol, inReplyTo=note["id"])
    await run(here)
    assert await queued(here) == [bob.shared]


async def test_a_batch_that_is_taken_again_queues_nothing_twice(here: Here) -> None:
    alice, bob = await here.person("alice"), Elsewhere("bob", "b.example")
    await follows(here, bob, alice)
    await here.post(alice)
    await run(here)
    before = await here.rows("SELECT position, inbox_id FROM effects.deliveries ORDER BY 1, 2")
    await here.rows("UPDATE effects.cursors SET position = 0 WHERE name = 'deliver' RETURNING 1")
    await run(here)
    assert await here.rows("SELECT position, inbox_id FROM effects.deliveries ORDER BY 1, 2") == before


async def test_a_paused_host_that_speaks_is_tried_soon(here: Here) -> None:
    alice, bob = await here.person("alice"), Elsewhere("bob", "b.example")
    await follows(here, bob, alice)
    await run(here)
    paused = "UPDATE effects.hosts SET failures = 7, wake_at = now() + interval '3 hours' RETURNING 1"
    await here.rows(paused)
    await here.hear(bob.act("Like", "https://nowhere.example/1"))
    await run(here)
    assert await here.rows("SELECT wake_at <= now() + interval '5 minutes' FROM effects.hosts") == [(True,)]


async def test_the_queue_is_written_by_as_many_statements_for_many_inboxes_as_for_one(here: Here) -> None:
    alice = await here.person("alice")
    counted = []
    for more in (1, 40):
        for number in range(more):
            await follows(here, Elsewhere("fan", f"{more}-{number}.example"), alice)
        await run(here)
        await here.post(alice)
        here.fold()
        async with Counting() as statements:
            await run(here)
        counted.append(len(statements))
        assert len(await queued(here)) == more + len(counted) - 1
    assert counted[0] == counted[1]


class Counting:
    """The statements that are sent to the database meanwhile."""

    def __init__(self) -> None:
        self._patch = mock.patch.object(AsyncCursor, "execute", autospec=True, side_effect=self._count)
        self._execute = AsyncCursor.execute
        self.statements: list[Any] = []

    async def _count(self, cursor: Any, statement: Any, *rest: Any, **more: Any) -> Any:
        self.statements.append(statement)
        return await self._execute(cursor, statement, *rest, **more)

    async def __aenter__(self) -> list[Any]:
        self._patch.start()
        return self.statements

    async def __aexit__(self, *_: object) -> None:
        self._patch.stop()


async def test_a_crowd_is_queued_by_as_many_statements_as_one_follower(here: Here) -> None:
    alice, zoe = await here.person("alice"), await here.person("zoe")
    await follows(here, Elsewhere("bob", "b.example"), alice)
    crowd = [Elsewhere(f"fan{number}", f"{number % 12}.example") for number in range(24)]
    for fan in crowd:
        await follows(here, fan, zoe)
    await run(here)
    counted = []
    for author, hosts in ((alice, 1), (zoe, 12)):
        await here.post(author)
        async with Counting() as statements:
            await run(here)
        assert len(await queued(here)) == hosts
        assert statements.count(queries(deliver.__file__)["queue"]) == 1
        counted.append(len(statements))
    assert counted[0] == counted[1]


async def test_the_end_of_an_account_is_told_wherever_it_ever_sent_anything(here: Here) -> None:
    alice, carol = await here.person("alice"), await here.person("carol")
    bob, cid, dora = (Elsewhere(name, f"{name}.example") for name in ("bob", "cid", "dora"))
    follow = await follows(here, bob, alice)
    await follows(here, dora, carol)
    await here.meet(cid.document())
    await here.say(alice, "Follow", cid.id, id=f"{alice.id}#f")
    await here.hear(bob.act("Undo", follow))
    await here.say(alice, "Move", alice.id, target="https://new.example/users/alice")
    await run(here)
    assert await queued(here) == [bob.inbox, cid.inbox]
    await here.say(alice, "Delete", alice.id, to=[PUBLIC])
    await run(here)
    assert await queued(here) == [bob.inbox, cid.inbox]


async def test_an_answer_comes_after_what_it_answers_and_a_boost_after_what_it_passes_on(here: Here) -> None:
    alice, carol, bob = await here.person("alice"), await here.person("carol"), Elsewhere("bob", "b.example")
    await follows(here, bob, alice)
    await follows(here, bob, carol)
    note = await here.post(alice)
    await here.post(carol, inReplyTo=note["id"])
    await here.say(carol, "Announce", note["id"], id=f"{carol.id}#b", status_id=4711 << 16, to=[PUBLIC])
    await run(here)
    posts = "SELECT about, after FROM effects.deliveries WHERE position > %s ORDER BY position"
    ((first,),) = await here.rows("SELECT max(notification_id) - 3 FROM log.events")
    (original, answer, boost) = await here.rows(posts, first)
    assert original[1] == 0
    assert (answer[1], boost[1]) == (original[0], original[0])


@pytest.mark.parametrize("to", [PUBLIC, "followers"])
async def test_who_is_quoted_in_the_open_hears_of_it_and_of_its_end(here: Here, to: str) -> None:
    alice, bob, eve = await here.person("alice"), Elsewhere("bob", "b.example"), Elsewhere("eve", "e.example")
    await follows(here, bob, alice)
    await here.meet(eve.document())
    uri = "https://e.example/1"
    quoted = {"id": uri, "type": "Note", "attributedTo": eve.id, "content": "x", "to": [PUBLIC]}
    await here.hear(eve.act("Create", quoted))
    note = await here.post(alice, to=[alice.followers if to == "followers" else to], quote=uri)
    await run(here)
    expected = [bob.shared, eve.shared] if to == PUBLIC else [bob.shared]
    assert await queued(here) == expected
    await here.say(alice, "Delete", {"id": note["id"], "type": "Tombstone"}, to=[PUBLIC])
    await run(here)
    assert await queued(here) == expected
