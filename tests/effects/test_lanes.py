"""Deliveries to real sockets: signed, in order, with the results written down."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from fedi.activitypub.vocabulary import addresses
from fedi.clock import now
from fedi.effects import turn, verdicts
from fedi.effects.deliver import Deliver
from fedi.effects.lanes import Lanes
from fedi.effects.linking import Linking
from tests.support import peer_verifying
from tests.support.fake_actor import FakeActor
from tests.support.fake_remote import Answer, FakeRemote, Received, fake_remote
from tests.support.here import Here, Person, until
from tests.support.keys import public_pem, rsa_key


@contextlib.asynccontextmanager
async def sending(here: Here, linking: Linking | None = None) -> AsyncIterator[Lanes]:
    """Run the lanes for as long as the block lasts."""
    lanes = Lanes(database_url=here.url, pool=here.pool, http=here.http, clock=now, linking=linking)
    task = asyncio.create_task(lanes.run())
    try:
        yield lanes
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def befriend(here: Here, follower: FakeActor, person: Person) -> None:
    """Let somebody elsewhere follow somebody here, without a delivery."""
    follow = follower.follow(person.id)
    await here.meet(follower.document())
    await here.hear(follow)
    await here.say(person, "Accept", follow)
    here.fold()
    await here.rows("UPDATE effects.cursors SET position = (SELECT position FROM read.cursor) RETURNING 1")


async def queue(here: Here) -> None:
    await here.run(Deliver(here.borders, now))


OUTCOMES = "SELECT outcome, status FROM effects.deliveries ORDER BY position, inbox_id"


def fault(received: Received, person: Person) -> str | None:
    """Return what is wrong with a delivery's signature; our own server does not run, so its key is told here."""
    assert received.signer == addresses.key(person.id)
    pem = public_pem(rsa_key(person.name))
    return peer_verifying.fault(received.method, received.target, received.origin, received.headers, received.body, pem)


async def test_a_post_is_delivered_signed_with_the_bytes_of_the_log(here: Here, there: FakeRemote) -> None:
    alice, bob = await here.person("alice"), there.actor("bob")
    await befriend(here, bob, alice)
    note = await here.post(alice)
    await queue(here)
    async with sending(here):
        await until(here, OUTCOMES, [("delivered", 202)])
    (delivery,) = there.deliveries("Create")
    assert (delivery.path, delivery.form) == ("/inbox", "cavage")
    assert fault(delivery, alice) is None
    assert delivery.activity["object"]["id"] == note["id"]
    ((state,),) = await here.rows("SELECT state FROM log.events ORDER BY notification_id DESC LIMIT 1")
    assert delivery.body in state
    assert await here.rows("SELECT failures, wake_at, form FROM effects.hosts") == [(0, None, "cavage")]


async def test_many_posts_to_many_hosts_come_in_order(here: Here) -> None:
    alice = await here.person("alice")
    with contextlib.ExitStack() as stack:
        remotes = [stack.enter_context(fake_remote()) for _ in range(4)]
        for number, remote in enumerate(remotes):
            await befriend(here, remote.actor(f"bob{number}"), alice)
        notes = [await here.post(alice) for _ in range(12)]
        await queue(here)
        async with sending(here):
            await until(here, "SELECT outcome, count(*) FROM effects.deliveries GROUP BY 1", [("delivered", 48)])
        for remote in remotes:
            received = [each.activity["object"]["id"] for each in remote.deliveries("Create")]
            assert received == [note["id"] for note in notes]


async def test_the_form_that_a_host_takes_is_found_and_remembered(here: Here, there: FakeRemote) -> None:
    alice = await here.person("alice")
    await befriend(here, there.actor("bob"), alice)
    there.accepted_forms = {"rfc9421"}
    await here.post(alice)
    await here.post(alice)
    await queue(here)
    async with sending(here):
        await until(here, OUTCOMES, [("delivered", 202), ("delivered", 202)])
    assert [each.form for each in there.deliveries()] == ["cavage", "rfc9421", "rfc9421"]
    assert fault(there.deliveries()[1], alice) is None
    assert await here.rows("SELECT form FROM effects.hosts") == [("rfc9421",)]


@pytest.mark.parametrize("status", [404, 410, 403])
async def test_a_final_no_is_believed_once_both_forms_were_tried(here: Here, there: FakeRemote, status: int) -> None:
    alice = await here.person("alice")
    await befriend(here, there.actor("bob"), alice)
    there.answer("/inbox", Answer(status=status))
    await here.post(alice)
    await queue(here)
    async with sending(here):
        await until(here, OUTCOMES, [("refused", status)])
    assert [each.form for each in there.deliveries()] == ["cavage", "rfc9421"]


async def test_what_failed_waits_and_comes_first_when_the_host_is_back(
    here: Here, there: FakeRemote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verdicts, "FIRST_PAUSES", (0.05, 0.05, 0.05, 0.05))
    alice = await here.person("alice")
    await befriend(here, there.actor("bob"), alice)
    there.answer("/inbox", Answer(status=503), Answer(status=202))
    notes = [await here.post(alice) for _ in range(3)]
    await queue(here)
    async with sending(here):
        await until(here, OUTCOMES, [("delivered", 202)] * 3)
    received = [each.activity["object"]["id"] for each in there.deliveries()]
    assert received == [notes[0]["id"], *(note["id"] for note in notes)]
    assert await here.rows("SELECT attempts FROM effects.deliveries ORDER BY position") == [(2,), (1,), (1,)]


async def test_the_breaker_opens_and_a_host_that_returns_gets_all_it_missed_in_order(
    here: Here, there: FakeRemote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verdicts, "FIRST_PAUSES", (0.01, 0.01, 0.01, 0.01))
    monkeypatch.setattr(turn, "RECOVERY_SECONDS", 0.01)
    alice = await here.person("alice")
    await befriend(here, there.actor("bob"), alice)
    there.answer("/inbox", Answer(status=502))
    notes = [await here.post(alice) for _ in range(4)]
    await queue(here)
    async with sending(here) as lanes:
        await until(here, "SELECT failures, recovering FROM effects.hosts", [(5, True)])
        ((pause,),) = await here.rows("SELECT wake_at - now() FROM effects.hosts")
        assert timedelta(minutes=29) < pause < timedelta(minutes=33)
        before = len(there.deliveries())
        there.answer("/inbox")
        await here.rows("UPDATE effects.hosts SET wake_at = now() RETURNING 1")
        lanes.wake()
        await until(here, OUTCOMES, [("delivered", 202)] * 4)
    assert before <= verdicts.BREAKER_OPENS
    received = [each.activity["object"]["id"] for each in there.deliveries()[before:]]
    assert received == [note["id"] for note in notes]
    assert await here.rows("SELECT failures, recovering, wake_at FROM effects.hosts") == [(0, False, None)]


async def test_a_slow_host_holds_up_nobody_else(here: Here, there: FakeRemote) -> None:
    alice = await here.person("alice")
    with fake_remote("localhost") as slow:
        await befriend(here, slow.actor("sid"), alice)
        await befriend(here, there.actor("bob"), alice)
        slow.answer("/inbox", Answer(status=202, delay=8.0))
        for _ in range(5):
            await here.post(alice)
        await queue(here)
        async with sending(here):
            count = "SELECT host, count(*) FROM effects.deliveries WHERE outcome IS NOT NULL GROUP BY 1"
            await until(here, count, [(there.authority, 5)])


async def test_a_lane_rests_while_all_that_is_due_stays_behind_something_set_aside(here: Here) -> None:
    await here.rows(
        "INSERT INTO effects.inboxes (url, host) VALUES ('https://there.example/inbox', 'there.example') RETURNING 1"
    )
    await here.rows(
        "INSERT INTO effects.deliveries (position, inbox_id, host, account_id, about, said_at, attempts, due_at)"
        " SELECT position, id, host, 1, 7, now(), attempts, now() + due"
        "   FROM effects.inboxes,"
        "        (VALUES (1, 2, interval '10 minutes'), (2, 0, interval '0')) AS v (position, attempts, due)"
        " RETURNING 1"
    )
    await here.rows("INSERT INTO effects.hosts (name, wake_at) VALUES ('there.example', now()) RETURNING 1")
    here.fold()
    async with sending(here):
        await until(here, "SELECT wake_at > now() + interval '9 minutes' FROM effects.hosts", [(True,)])


async def test_s_053_an_inbox_at_a_forbidden_address_is_never_asked(here: Here, there: FakeRemote) -> None:
    alice, bob = await here.person("alice"), there.actor("bob")
    bob.fields["endpoints"] = {"sharedInbox": "http://192.168.1.1:6379/inbox"}
    await befriend(here, bob, alice)
    await here.post(alice)
    await queue(here)
    async with sending(here):
        await until(here, OUTCOMES, [("refused", None)])
    assert there.deliveries() == []


async def test_nothing_is_lost_and_little_sent_twice_when_the_sender_dies(here: Here, there: FakeRemote) -> None:
    alice = await here.person("alice")
    await befriend(here, there.actor("bob"), alice)
    notes = [await here.post(alice) for _ in range(10)]
    await queue(here)
    for _ in range(5):
        lanes = Lanes(database_url=here.url, pool=here.pool, http=here.http, clock=now)
        task = asyncio.create_task(lanes.run())
        await asyncio.sleep(0.03)
        lanes._ledger.flush = _lost  # type: ignore[method-assign]
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    async with sending(here):
        await until(here, "SELECT outcome, count(*) FROM effects.deliveries GROUP BY 1", [("delivered", 10)])
    bodies: dict[str, set[bytes]] = {}
    for each in there.deliveries("Create"):
        bodies.setdefault(each.activity["object"]["id"], set()).add(each.body)
    assert set(bodies) == {note["id"] for note in notes}
    assert all(len(each) == 1 for each in bodies.values())


async def _lost() -> None:
    """What a killed process writes down: nothing."""


async def test_s_068_hosts_and_results_of_long_ago_are_forgotten(here: Here, there: FakeRemote) -> None:
    alice = await here.person("alice")
    await befriend(here, there.actor("bob"), alice)
    await here.post(alice)
    await queue(here)
    async with sending(here):
        await until(here, OUTCOMES, [("delivered", 202)])
    await here.rows("UPDATE effects.hosts SET used_at = now() - interval '31 days' RETURNING 1")
    await here.rows("UPDATE effects.deliveries SET finished_at = now() - interval '15 days' RETURNING 1")
    async with sending(here):
        await until(here, "SELECT name FROM effects.hosts", [])
        await until(here, OUTCOMES, [])
