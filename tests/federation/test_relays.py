"""A relay of LitePub's kind: followed, following back, announced to, and told what becomes of what it passed on."""

from typing import Any

import pytest

from fedi.effects.jobs.relays import tell
from fedi.effects.relaying import Relaying
from fedi.events.relays import RelayAdded, RelayRemoved
from fedi.services.jobs import Jobs
from fedi.services.relays import TellRelay
from tests.support.acting import deps_of
from tests.support.delivering import Delivering, types
from tests.support.fake_actor import FakeActor
from tests.support.fake_remote import FakeRemote, Received
from tests.support.here import PUBLIC, SITE, Here, Person

FOLLOW = f"{SITE.instance_actor}#follows/1"
JOBS = "DELETE FROM procrastinate_jobs WHERE task_name = 'relays.tell' RETURNING args -> 'job'"


async def subscribed(post: Delivering, host: FakeRemote, target: str = "", answer: str = "Accept") -> FakeActor:
    """Follow a relay, or ask it for the public, and let it answer."""
    relay = host.actor("relay", type="Application")
    target = target or relay.id
    follow = {"id": FOLLOW, "type": "Follow", "actor": SITE.instance_actor, "object": target}
    await post.here.append(RelayAdded(inbox=host.url("/inbox"), follow_uri=FOLLOW, target=target))
    await post.here.meet(relay.document())
    await post.here.hear({"id": f"{relay.id}#1", "type": answer, "actor": relay.id, "object": follow})
    await post.skip()
    return relay


async def told(post: Delivering, host: FakeRemote) -> list[Received]:
    """Act on what was said, deliver it all, and return what came to a host."""
    jobs = Jobs(post.here.pool)
    await jobs.open()
    await post.here.run(Relaying(jobs, SITE))
    deps = await deps_of(post.here)
    for (job,) in await post.here.rows(JOBS):
        await tell.do(TellRelay(inbox=job["inbox"], document=job["document"]), deps)
    await post.deliver()
    return host.deliveries()


async def all_sorts(here: Here, alice: Person) -> dict[str, Any]:
    """Say something to everybody, and much to fewer; return the first."""
    public = await here.post(alice)
    await here.post(alice, to=[alice.followers], cc=[PUBLIC])
    await here.post(alice, to=[alice.followers], cc=[])
    await here.post(alice, to=[f"{SITE.base_url}/users/nobody"], cc=[])
    return public


async def test_what_is_public_is_announced_by_the_server_itself(post: Delivering) -> None:
    host = post.everywhere.host("litepub.example")
    relay = await subscribed(post, host)
    note = await all_sorts(post.here, await post.here.person("alice"))
    (announced,) = await told(post, host)
    assert announced.signer == f"{SITE.instance_actor}#main-key"
    expected = {"type": "Announce", "actor": SITE.instance_actor, "object": note["id"]}
    assert {name: announced.activity[name] for name in expected} == expected
    assert announced.activity["to"] == [f"{SITE.instance_actor}/followers", relay.id]
    assert announced.activity["published"].endswith("Z")
    assert announced.activity["id"].startswith(f"{SITE.instance_actor}#announces/")


async def test_it_hears_what_becomes_of_what_it_was_announced(post: Delivering) -> None:
    host = post.everywhere.host("hearing.example")
    await subscribed(post, host)
    alice = await post.here.person("alice")
    note = await all_sorts(post.here, alice)
    await told(post, host)
    await post.here.say(alice, "Delete", {"id": note["id"], "type": "Tombstone"}, to=[PUBLIC])
    await told(post, host)
    assert types(host) == ["Announce", "Delete"]


async def test_a_relay_of_mastodons_kind_gets_the_activity_itself(post: Delivering) -> None:
    host = post.everywhere.host("mastodon-relay.example")
    await subscribed(post, host, target=PUBLIC)
    note = await all_sorts(post.here, await post.here.person("alice"))
    (created,) = await told(post, host)
    assert (created.activity["type"], created.activity["object"]["id"]) == ("Create", note["id"])


@pytest.mark.parametrize("answer", ["Reject", "Ignore"])
async def test_a_relay_that_did_not_say_yes_is_told_nothing(post: Delivering, answer: str) -> None:
    host = post.everywhere.host(f"{answer.lower()}.example")
    await subscribed(post, host, answer=answer)
    await all_sorts(post.here, await post.here.person("alice"))
    assert await told(post, host) == []


async def test_a_relay_that_was_removed_is_told_nothing(post: Delivering) -> None:
    host = post.everywhere.host("removed.example")
    await subscribed(post, host)
    await post.here.append(RelayRemoved(inbox=host.url("/inbox")))
    await all_sorts(post.here, await post.here.person("alice"))
    assert await told(post, host) == []


async def test_the_relay_may_follow_back_and_nobody_else(post: Delivering) -> None:
    host = post.everywhere.host("back.example")
    relay = await subscribed(post, host)
    stranger = post.everywhere.host("stranger.example").actor("mallory")
    for actor in (relay, stranger):
        await post.here.meet(actor.document())
        await post.here.hear(actor.follow(SITE.instance_actor))
    (answer,) = await told(post, host)
    assert answer.activity["type"] == "Accept"
    assert answer.activity["object"]["actor"] == relay.id
    assert answer.activity["object"]["object"] == SITE.instance_actor
    assert stranger.remote.deliveries() == []


async def test_people_of_the_relays_host_get_their_posts_all_the_same(post: Delivering) -> None:
    host = post.everywhere.host("both.example")
    await subscribed(post, host)
    alice = await post.here.person("alice")
    await post.followed(alice, host)
    await post.here.post(alice)
    await told(post, host)
    assert sorted(types(host)) == ["Announce", "Create"]
