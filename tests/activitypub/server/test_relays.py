"""Relays: subscribed to, answered, heard and sent to; and what one says that nobody subscribed to."""

from typing import Any

import pytest
from starlette.routing import BaseRoute

from fedi.activitypub.server.edge import Edge
from fedi.activitypub.server.posting import InboxRoute
from fedi.clock import now
from fedi.effects.deliver import Deliver
from fedi.effects.jobs.relays import tell
from fedi.events.relays import RelayAdded, RelayRemoved
from fedi.services.relays import TellRelay
from tests.activitypub.server.conftest import Ticks
from tests.support.acting import deps_of
from tests.support.direct import deliver
from tests.support.fake_actor import PUBLIC, FakeActor
from tests.support.fake_remote import FakeRemote
from tests.support.here import SITE, Here

FOLLOW = f"{SITE.instance_actor}#follows/1"


@pytest.fixture
def routes(edge: Edge) -> list[BaseRoute]:
    return [InboxRoute(edge)]


async def post(routes: list[BaseRoute], signer: FakeActor, activity: dict[str, Any]) -> int:
    return (await deliver(routes, signer.sign(activity, SITE.shared_inbox))).status


def accept(relay: FakeActor, kind: str = "Accept", target: str = PUBLIC) -> dict[str, Any]:
    """The answer as relays write it: with the whole Follow inside, of the public or (LitePub) of the relay itself."""
    follow = {"id": FOLLOW, "type": "Follow", "actor": SITE.instance_actor, "object": target}
    return {"id": f"{relay.id}#{kind}", "type": kind, "actor": relay.id, "object": follow}


async def subscribed(here: Here, ticks: Ticks, relay: FakeActor, target: str = PUBLIC) -> None:
    inbox = relay.remote.url("/inbox")
    await here.append(RelayAdded(inbox=inbox, follow_uri=FOLLOW, target=target))
    await here.meet(relay.document())
    await here.hear(accept(relay, target=target))
    here.fold()
    ticks.seconds += 1.1


async def wanted(here: Here) -> list[str]:
    return [uri for (uri,) in await here.rows("SELECT uri FROM effects.fetches WHERE cause = 0 ORDER BY uri")]


async def state(here: Here, relay: FakeActor) -> list[tuple[str]]:
    here.fold()
    rows = await here.rows("SELECT state FROM read.relays WHERE inbox = %s", relay.remote.url("/inbox"))
    return [(row[0],) for row in rows]


@pytest.fixture(autouse=True)
async def no_fetches(here: Here) -> None:
    await here.rows("DELETE FROM effects.fetches RETURNING uri")


async def test_a_relay_says_yes_and_only_its_own_host_may(
    here: Here, routes: list[BaseRoute], there: FakeRemote, elsewhere: FakeRemote
) -> None:
    relay, mallory = there.actor("relay"), elsewhere.actor("mallory")
    await here.append(RelayAdded(inbox=there.url("/inbox"), follow_uri=FOLLOW, target=PUBLIC))
    assert await state(here, relay) == [("pending",)]
    assert await post(routes, mallory, accept(mallory)) == 202
    assert await state(here, relay) == [("pending",)]
    assert await post(routes, relay, accept(relay)) == 202
    assert await state(here, relay) == [("accepted",)]
    assert await post(routes, relay, accept(relay, "Reject")) == 202
    assert await state(here, relay) == [("rejected",)]
    await here.append(RelayRemoved(inbox=there.url("/inbox")))
    assert await state(here, relay) == []


async def test_s_038_what_a_relay_forwards_is_a_hint_whatever_signature_is_in_it(
    here: Here, routes: list[BaseRoute], there: FakeRemote, elsewhere: FakeRemote, ticks: Ticks
) -> None:
    relay, alice = there.actor("relay"), elsewhere.actor("alice")
    await subscribed(here, ticks, relay)
    note = alice.note("as the relay has it")
    signature = {"type": "RsaSignature2017", "creator": alice.key_id, "created": "2026-01-01T00:00:00Z"}
    forwarded = {**alice.create(note), "signature": {**signature, "signatureValue": "eA=="}}
    ((start,),) = await here.rows("SELECT max(notification_id) FROM log.events")
    assert await post(routes, relay, forwarded) == 202
    assert await post(routes, relay, {**relay.announce(alice.note("another")["id"])}) == 202
    assert len(await wanted(here)) == 2
    assert note["id"] in await wanted(here)
    assert await here.rows("SELECT topic FROM log.events WHERE notification_id > %s", start) == []
    assert await post(routes, relay, alice.delete(note["id"])) == 202
    assert len(await wanted(here)) == 2


async def test_s_038_what_a_litepub_relay_announces_is_fetched_and_boosted_by_nobody(
    here: Here, routes: list[BaseRoute], there: FakeRemote, elsewhere: FakeRemote, ticks: Ticks
) -> None:
    relay, alice = there.actor("relay"), elsewhere.actor("alice")
    await subscribed(here, ticks, relay, relay.id)
    note = alice.note("as it stands where it lives")
    lie = {**note, "content": "<p>as the relay would have it</p>"}
    ((start,),) = await here.rows("SELECT max(notification_id) FROM log.events")
    followers = {"to": [relay.followers_uri], "cc": []}
    assert await post(routes, relay, {**relay.announce(note["id"]), **followers}) == 202
    assert await post(routes, relay, {**relay.announce(note["id"]), **followers, "object": lie}) == 202
    assert await wanted(here) == [note["id"]]
    assert await here.rows("SELECT topic FROM log.events WHERE notification_id > %s", start) == []


async def test_s_038_a_linked_data_signature_makes_nobody_another(
    here: Here, routes: list[BaseRoute], there: FakeRemote, elsewhere: FakeRemote
) -> None:
    mallory, alice = there.actor("mallory"), elsewhere.actor("alice")
    signature = {"type": "RsaSignature2017", "creator": alice.key_id, "signatureValue": "eA=="}
    forged = {**alice.create(alice.note()), "signature": signature}
    graph = {
        "@context": forged["@context"],
        "@graph": [forged],
        "actor": alice.id,
        "type": "Create",
        "id": forged["id"],
    }
    for activity in (forged, {**graph, "object": forged["object"]}):
        assert await post(routes, mallory, activity) == 401
    assert await wanted(here) == []


async def test_s_136_a_relay_that_was_not_accepted_passes_nothing_on(
    here: Here, routes: list[BaseRoute], there: FakeRemote, elsewhere: FakeRemote, ticks: Ticks
) -> None:
    relay, alice = there.actor("relay"), elsewhere.actor("alice")
    await here.append(RelayAdded(inbox=there.url("/inbox"), follow_uri=FOLLOW, target=PUBLIC))
    here.fold()
    ticks.seconds += 1.1
    assert await post(routes, relay, alice.create(alice.note())) == 401
    await subscribed(here, ticks, relay)
    assert await post(routes, relay, alice.create(alice.note())) == 202
    assert len(await wanted(here)) == 1
    await here.append(RelayRemoved(inbox=there.url("/inbox")))
    here.fold()
    ticks.seconds += 1.1
    assert await post(routes, relay, alice.create(alice.note())) == 401


async def test_public_posts_go_to_relays_and_others_do_not(here: Here, there: FakeRemote, ticks: Ticks) -> None:
    relay, bob = there.actor("relay"), await here.person(f"bob{there.port}")
    await subscribed(here, ticks, relay)
    note = await here.post(bob)
    await here.post(bob, to=[bob.followers], cc=[PUBLIC])
    await here.post(bob, to=[bob.followers], cc=[])
    await here.say(bob, "Delete", note["id"], to=[PUBLIC])
    await here.run(Deliver(here.borders, now))
    sent = await here.rows(
        "SELECT convert_from(state, 'UTF8')::json -> 'document' ->> 'type' FROM effects.deliveries d"
        " JOIN effects.inboxes i ON i.id = d.inbox_id JOIN log.events e ON e.notification_id = d.position"
        " WHERE i.url = %s ORDER BY position",
        there.url("/inbox"),
    )
    assert sent == [("Create",), ("Delete",)]


async def test_the_instance_actor_speaks_to_a_relay(here: Here, there: FakeRemote) -> None:
    there.actor("relay")
    here.fold()
    await tell.do(TellRelay(inbox=there.url("/inbox"), document='{"type": "Follow"}'), await deps_of(here))
    (told,) = [seen for seen in there.received if seen.path == "/inbox"]
    assert (told.activity, told.signer) == ({"type": "Follow"}, f"{SITE.instance_actor}#main-key")
