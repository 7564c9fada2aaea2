"""What is said here reaches a fediverse of hosts that are slow, away, back again, gone or in a bad mood."""

from datetime import timedelta
from itertools import pairwise

import pytest

from fedi.effects.slots import QUICK
from fedi.effects.verdicts import BREAKER_OPENS
from tests.support import behaviours
from tests.support.behaviours import answering, dead, disliking, flapping, held, honest, limiting
from tests.support.delivering import Delivering, contents, posts, types
from tests.support.exchanges import Answer
from tests.support.fake_host import Network

HOSTS = 600
SILENT = 120


async def test_one_post_reaches_hundreds_of_hosts_while_a_fifth_of_them_never_answers(post: Delivering) -> None:
    alice = await post.here.person("alice")
    hosts = post.everywhere.hosts(HOSTS)
    await post.followed(alice, *hosts)
    silent, well = hosts[::5], [host for number, host in enumerate(hosts) if number % 5]
    for host in silent:
        host.behave(held)
    assert len(silent) == SILENT > QUICK
    note = await post.here.post(alice)
    await post.deliver(*silent)
    assert {len(contents(host)) for host in well} == {1}
    assert await post.outcomes() == {"delivered": HOSTS - SILENT, None: SILENT}
    assert {each.activity["object"]["id"] for host in well for each in host.deliveries()} == {note["id"]}
    for host in silent:
        host.release()
    await post.deliver()
    assert await post.outcomes() == {"delivered": HOSTS}


async def test_a_slow_host_gets_less_at_once_and_keeps_its_order(post: Delivering) -> None:
    host = post.everywhere.host("large.example")
    people = [await post.here.person(name) for name in ("alice", "bert", "cora", "dan", "emma", "finn")]
    for person in people:
        await post.followed(person, host)
    said = {person.name: list[str]() for person in people}
    for round_ in range(12):
        for person in people:
            said[person.name] += await posts(post.here, person, 1, f"{person.name} {round_}")
    await post.deliver()
    assert (await post.state(host))["width"] > 1
    for person in people:
        assert [each for each in contents(host) if person.name in each] == said[person.name]
    host.behave(answering(503))
    await posts(post.here, people[0], 1)
    await post.deliver()
    assert (await post.state(host))["width"] == 1


async def test_a_host_that_flaps_gets_everything_in_order(post: Delivering) -> None:
    alice = await post.here.person("alice")
    host = post.everywhere.host("flapping.example", flapping(honest, dead, honest, honest, answering(502)))
    await post.followed(alice, host)
    said = await posts(post.here, alice, 12)
    await post.pass_time(hours=2)
    assert contents(host) == said
    assert await post.outcomes() == {"delivered": 12}


async def test_a_host_that_stays_away_is_asked_ever_more_seldom_and_given_up_after_two_weeks(post: Delivering) -> None:
    alice = await post.here.person("alice")
    host = post.everywhere.host("dead.example", dead)
    await post.followed(alice, host)
    await posts(post.here, alice, 3)
    began, tries = post.clock(), []
    for _ in range(200):
        await post.pass_time(seconds=0)
        tries.append(post.clock())
        state = await post.state(host)
        if state["wake_at"] is None:
            break
        ((post.clock.time,),) = await post.here.rows("SELECT min(wake_at) FROM effects.hosts")
    pauses = [after - before for before, after in pairwise(tries)]
    assert await post.outcomes() == {"expired": 3}
    assert timedelta(days=14) < tries[-1] - began < timedelta(days=14, hours=8)
    assert pauses[0] < timedelta(seconds=20)
    assert all(pause >= timedelta(minutes=30) for pause in pauses[BREAKER_OPENS - 1 :])
    assert max(pauses) < timedelta(hours=7)
    assert len(host.deliveries()) < 100
    assert len({each.body for each in host.deliveries()}) == 1, "something passed what failed"


async def test_a_host_that_returns_after_nine_days_gets_all_it_missed_in_order_and_gently(post: Delivering) -> None:
    alice = await post.here.person("alice")
    host = post.everywhere.host("returning.example", dead)
    await post.followed(alice, host)
    said = await posts(post.here, alice, 15, "first")
    await post.pass_time(days=8, hours=20)
    assert (await post.state(host))["recovering"]
    said += await posts(post.here, alice, 15, "last")
    host.behave(honest)
    began = post.clock()
    await post.pass_time(hours=7)
    assert contents(host) == said
    assert await post.outcomes() == {"delivered": 30}
    ((took,),) = await post.here.rows("SELECT max(finished_at) - min(finished_at) FROM effects.deliveries")
    assert took >= timedelta(seconds=0.5 * 29), "not gently"
    ((last,),) = await post.here.rows("SELECT max(finished_at) FROM effects.deliveries")
    assert last - began < timedelta(hours=6, minutes=40)
    assert not (await post.state(host))["recovering"]


async def test_a_host_that_speaks_to_us_is_alive(post: Delivering) -> None:
    alice = await post.here.person("alice")
    host = post.everywhere.host("speaking.example", answering(500))
    (fan,) = await post.followed(alice, host)
    said = await posts(post.here, alice, 2)
    await post.pass_time(days=1)
    asked = len(host.deliveries())
    host.behave(honest)
    await post.here.hear(fan.like("https://nowhere.example/1"))
    await post.pass_time(minutes=6)
    assert contents(host) == said
    assert len(host.deliveries()) == asked + 2


@pytest.mark.parametrize("status", [404, 410])
async def test_an_inbox_that_is_gone_takes_nothing_and_its_neighbours_do(post: Delivering, status: int) -> None:
    alice = await post.here.person("alice")
    host = post.everywhere.host(f"gone-{status}.example")
    gus = host.actor("gus", endpoints={})
    gone = host.actor("gone", endpoints={})
    await post.followed(alice, host, name="gus")
    await post.followed(alice, host, name="gone")
    host.answer(f"{gone.path}/inbox", Answer(status=status))
    await posts(post.here, alice, 2)
    await post.deliver()
    assert await post.outcomes() == {"delivered": 2, "refused": 2}
    assert [each.path for each in host.deliveries() if each.path == f"{gus.path}/inbox"] == [f"{gus.path}/inbox"] * 2
    assert (await post.state(host))["failures"] == 0
    assert await post.here.rows("SELECT uri, kind FROM effects.fetches") == [(gone.id, "actor")], "nobody asked why"
    await post.pass_time(days=1)
    assert len(host.deliveries()) == 2 + 2 * 2, "each was asked once in each form, and never again"


async def test_somebody_who_is_gone_is_unfollowed_and_sent_nothing_any_more(post: Delivering) -> None:
    alice = await post.here.person("alice")
    host = post.everywhere.host("vanishing.example")
    (gus,) = await post.followed(alice, host, name="gus")
    gone, unlucky = (host.actor(name, endpoints={}) for name in ("gone", "unlucky"))
    await post.followed(alice, host, name="gone")
    await post.followed(alice, host, name="unlucky")
    for uri in (gone.id, unlucky.id):
        follow = {"id": f"{alice.id}#to-{uri}", "type": "Follow", "actor": alice.id, "object": uri}
        await post.here.say(alice, "Follow", uri, id=follow["id"])
        await post.here.hear({"id": f"{uri}#a", "type": "Accept", "actor": uri, "object": follow})
    await post.skip()
    for each, status in ((gone, 410), (unlucky, 404)):
        host.answer(f"{each.path}/inbox", Answer(status=410))
        host.answer(each.path, Answer(status=status))
    await posts(post.here, alice, 1)
    await post.deliver()
    assert await post.outcomes() == {"delivered": 1, "refused": 2}
    await post.learn()
    await posts(post.here, alice, 1)
    await post.deliver()
    inboxes = "SELECT url FROM effects.deliveries JOIN effects.inboxes ON id = inbox_id ORDER BY position DESC, url"
    assert (await post.here.rows(inboxes))[:2] == [(host.url("/inbox"),), (unlucky.inbox,)]
    between = "SELECT accounts.uri FROM read.follows JOIN read.accounts ON accounts.id IN (account_id, target_id)"
    assert {uri for (uri,) in await post.here.rows(between)} == {alice.id, gus.id, unlucky.id}


async def test_what_a_host_asks_for_is_obeyed_to_the_second(post: Delivering) -> None:
    alice = await post.here.person("alice")
    host = post.everywhere.host("busy.example", answering(429, retry_after="7200"))
    await post.followed(alice, host)
    said = await posts(post.here, alice, 2)
    await post.deliver()
    host.behave(honest)
    await post.pass_time(seconds=7199)
    assert len(host.deliveries()) == 1
    await post.pass_time(seconds=10)
    assert contents(host) == said


async def test_a_host_that_limits_us_is_sent_things_at_the_pace_it_takes(post: Delivering) -> None:
    alice = await post.here.person("alice")
    host = post.everywhere.host("limiting.example", limiting(10, 30, post.clock))
    await post.followed(alice, host)
    said = await posts(post.here, alice, 100)
    await post.pass_time(minutes=30)
    assert contents(host) == said
    refused = [each for each in host.deliveries() if each.answered.startswith(b"HTTP/1.1 429")]
    assert 1 <= len(refused) < 8, "it was asked for too much again and again"


async def test_an_activity_that_a_host_chokes_on_keeps_nothing_else_back(post: Delivering) -> None:
    alice, bert = await post.here.person("alice"), await post.here.person("bert")
    host = post.everywhere.host("choking.example", disliking(b"indigestible"))
    await post.followed(alice, host)
    await post.followed(bert, host)
    await posts(post.here, alice, 1, "indigestible")
    said = await posts(post.here, bert, 12)
    await post.pass_time(minutes=5)
    assert contents(host) == said
    assert await post.outcomes() == {"delivered": 12, None: 1}


@pytest.mark.parametrize("network", ["refused", "unknown"])
async def test_a_host_that_cannot_be_reached_is_waited_for(post: Delivering, network: Network) -> None:
    alice = await post.here.person("alice")
    host = post.everywhere.host(f"{network}.example")
    host.network = network
    await post.followed(alice, host)
    said = await posts(post.here, alice, 2)
    await post.pass_time(hours=1)
    assert await post.outcomes() == {None: 2}
    host.network = "open"
    await post.pass_time(hours=1)
    assert contents(host) == said


@pytest.mark.parametrize(
    ("manner", "outcome"),
    [
        (answering(200), "delivered"),
        (behaviours.shrugging, "delivered"),
        (behaviours.rambling, "delivered"),
        (behaviours.mumbling, "delivered"),
        (answering(301, location="http://127.0.0.1:1/inbox"), None),
        (answering(400), "refused"),
        (answering(401), None),
        (answering(403), "refused"),
        (answering(408), None),
        (answering(413), "refused"),
        (answering(500), None),
        (answering(501), "refused"),
        (answering(503, retry_after="nonsense"), None),
        (dead, None),
    ],
)
async def test_every_answer_has_its_outcome(
    post: Delivering, manner: behaviours.Behaviour, outcome: str | None
) -> None:
    alice = await post.here.person("alice")
    host = post.everywhere.hosts(1, manner)[0]
    await post.followed(alice, host)
    await posts(post.here, alice, 1)
    await post.deliver()
    assert await post.outcomes() == {outcome: 1}
    assert (await post.state(host))["failures"] == (outcome is None)


async def test_an_edit_a_move_and_the_end_reach_whoever_got_the_original(post: Delivering) -> None:
    alice = await post.here.person("alice")
    faithful, lapsed, acquainted = (post.everywhere.host(f"{name}.example") for name in ("true", "lapsed", "met"))
    await post.followed(alice, faithful)
    (fan,) = await post.followed(alice, lapsed)
    note = await post.here.post(alice, content="<p>original</p>")
    friend = acquainted.actor("friend")
    await post.here.meet(friend.document())
    mention = {"type": "Mention", "href": friend.id, "name": f"@{friend.handle}"}
    await post.here.post(alice, to=[friend.id], cc=[], tag=[mention], content="<p>between us</p>")
    await post.deliver()
    await post.here.hear(fan.activity("Undo", {"type": "Follow", "actor": fan.id, "object": alice.id}))
    await post.skip()
    edited = {**note, "content": "<p>edited</p>", "updated": "2030-01-01T00:00:00Z"}
    await post.here.say(alice, "Update", edited, to=note["to"], cc=note["cc"])
    await post.here.say(alice, "Delete", {"id": note["id"], "type": "Tombstone"}, to=note["to"])
    await post.here.post(alice, content="<p>another</p>")
    await post.here.say(alice, "Move", alice.id, target="https://new.example/users/alice", to=[alice.followers])
    await post.here.say(alice, "Delete", alice.id, to=["https://www.w3.org/ns/activitystreams#Public"])
    await post.deliver()
    assert types(faithful) == ["Create", "Update", "Delete", "Create", "Move", "Delete"]
    assert types(lapsed) == ["Create", "Update", "Delete", "Move", "Delete"]
    assert types(acquainted) == ["Create", "Move", "Delete"]
    assert post.everywhere.saw(b"between us") == acquainted.deliveries()[:1]
