"""Servers that lie about what they serve, or pour out without end: it is not believed, and costs little."""

import asyncio
from collections import Counter

import pytest

from fedi.activitypub.resolve import first_contact, resolve_actor, resolve_object
from fedi.activitypub.resolve.quotas import PER_HOST
from fedi.activitypub.server.edge import Edge, open_edge
from fedi.activitypub.server.posting import InboxRoute
from fedi.activitypub.server.signers import FETCHES_PER_CALLER
from fedi.effects.fetch import MAX_DEPTH, MAX_PER_EVENT, Fetch
from fedi.errors import PeerError
from fedi.services.jobs import Jobs
from fedi.settings import Settings
from fedi.views.progress import Progress
from tests.support import direct
from tests.support.behaviours import DOCUMENT_LIES, answering, dead, flooding, held, honest, limiting
from tests.support.delivering import ASKED, Delivering, contents, posts
from tests.support.fake_actor import PUBLIC, FakeActor
from tests.support.fake_host import FakeRemote
from tests.support.here import SITE

EVENTS = "SELECT count(*) FROM log.events"


async def fetched(post: Delivering) -> None:
    """Let the server learn all that it wants to know, and what that makes it want to know, to the end."""
    while True:
        await post.here.run(Fetch(SITE, post.clock, lambda: None))
        if await post.here.rows(ASKED) == [(0,)]:
            return
        await post.learn()


async def test_a_document_that_is_not_what_it_says_is_not_believed(post: Delivering) -> None:
    before = await post.here.rows(EVENTS)
    for name, lie in DOCUMENT_LIES.items():
        host = post.everywhere.host(f"liar-{name.replace('_', '-')}.example", lie)
        liar = host.actor("liar")
        note = liar.note("a lie")
        for learn, uri in ((resolve_actor, liar.id), (resolve_object, note["id"]), (first_contact, liar.id)):
            with pytest.raises(PeerError):
                await learn(post.here.means, uri)
        assert await post.here.rows(EVENTS) == before, name
        assert len(host.received) < 30, name
        assert max(len(each.answered) for each in host.received) < 12_000_000, f"{name} was heard for too long"


async def test_liars_keep_nobody_from_being_heard(post: Delivering) -> None:
    truth = post.everywhere.host("truth.example")
    bob = truth.actor("bob")
    await post.here.meet(bob.document())
    told = []
    for number, lie in enumerate(DOCUMENT_LIES.values()):
        liar = post.everywhere.hosts(1)[0].actor("liar")
        told.append(liar.note("a lie")["id"])
        liar.remote.behave(lie)
        told.append(truth.actor(f"friend{number}").note("the truth")["id"])
    for uri in told:
        await post.here.hear(bob.announce(uri))
    await fetched(post)
    shown = "SELECT content FROM read.statuses WHERE boost_of_id IS NULL"
    assert Counter(content for (content,) in await post.here.rows(shown)) == {"<p>the truth</p>": len(DOCUMENT_LIES)}


async def test_a_thread_without_end_is_climbed_so_far_and_no_farther(post: Delivering) -> None:
    host = post.everywhere.host("endless.example", flooding)
    mallory = host.actor("mallory")
    await post.here.meet(mallory.document())
    await post.here.hear(mallory.create(mallory.note("more", inReplyTo=host.url("/notes/first"))))
    await fetched(post)
    asked = [each.path for each in host.received if each.path.startswith("/notes/")]
    assert MAX_DEPTH / 2 <= len(asked) <= MAX_DEPTH + 2


async def test_one_post_that_names_thousands_costs_few_requests(post: Delivering) -> None:
    mallory = post.everywhere.host("naming.example").actor("mallory")
    victims = post.everywhere.hosts(1000)
    people = [victim.actor("victim") for victim in victims]
    tags = [{"type": "Mention", "href": each.id, "name": f"@{each.handle}"} for each in people]
    await post.here.meet(mallory.document())
    await post.here.hear(mallory.create(mallory.note("hey", to=[PUBLIC, *(each.id for each in people)], tag=tags)))
    await fetched(post)
    assert sum(bool(victim.received) for victim in victims) <= MAX_PER_EVENT


async def knock(edge: Edge, actor: FakeActor, activity: dict[str, object], client: str) -> int:
    signed = actor.sign(activity, f"{SITE.base_url}/inbox")
    return (await direct.deliver([InboxRoute(edge)], signed, client=client)).status


async def test_a_flood_of_new_names_waits_for_few_answers_and_the_rest_comes_again_later(post: Delivering) -> None:
    flood = post.everywhere.host("flood.example", held)
    mallories = [flood.actor(f"mallory{number}") for number in range(150)]
    edge = open_edge(post.here.means, Settings(), Jobs(post.here.pool), Progress(""))
    before = await post.here.rows(EVENTS)
    asking = [
        asyncio.create_task(knock(edge, each, each.like("https://nowhere.example/1"), "192.0.2.66"))
        for each in mallories
    ]
    refused, waiting = set[asyncio.Task[int]](), set(asking)
    while len(waiting) > FETCHES_PER_CALLER:
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED, timeout=10)
        refused |= done
    assert {each.result() for each in refused} == {429}
    assert len(flood.received) <= PER_HOST
    assert await post.here.rows(EVENTS) == before
    flood.release()
    assert {each.result() for each in (await asyncio.wait(waiting))[0]} == {202}
    assert len(flood.received) == FETCHES_PER_CALLER


async def test_many_hosts_speak_at_once_and_each_is_heard(post: Delivering) -> None:
    edge = open_edge(post.here.means, Settings(), Jobs(post.here.pool), Progress(""))
    fans = [host.actor("fan") for host in post.everywhere.hosts(200)]
    alice = await post.here.person("alice")
    follows = [knock(edge, fan, fan.follow(alice.id), f"198.51.100.{number % 250}") for number, fan in enumerate(fans)]
    assert Counter(await asyncio.gather(*follows)) == {202: 200}
    post.here.fold()
    followers = "SELECT count(*) FROM read.follows WHERE target_id = %s"
    assert await post.here.rows(followers, alice.account_id) == [(200,)]


def moods(post: Delivering) -> list[FakeRemote]:
    """Return hosts, each bad in another way for an hour or so, and then well."""
    hosts = post.everywhere.hosts(6)
    for host, mood in zip(hosts, (dead, answering(500), answering(429, retry_after="600"), honest), strict=False):
        host.behave(mood)
    hosts[4].behave(limiting(5, 60, post.clock))
    hosts[5].network = "refused"
    return hosts


async def test_whatever_mood_a_fediverse_is_in_everybody_gets_everything_in_order(post: Delivering) -> None:
    hosts = moods(post)
    people = [await post.here.person(name) for name in ("alice", "bert", "cora")]
    for person in people:
        await post.followed(person, *hosts)
    said = {person.name: list[str]() for person in people}
    for round_ in range(5):
        for person in people:
            said[person.name] += await posts(post.here, person, 1, f"{person.name} {round_}")
        await post.pass_time(minutes=10)
    for host in hosts:
        host.network = "open"
        host.behave(honest)
    await post.pass_time(hours=2)
    assert await post.outcomes() == {"delivered": 5 * len(people) * len(hosts)}
    for host in hosts:
        for person in people:
            heard = [each for each in dict.fromkeys(contents(host)) if person.name in each]
            assert heard == said[person.name]
