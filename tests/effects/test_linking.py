"""What is delivered with a Linked Data Signature, and what never is."""

import logging
from typing import Any

import msgspec
import pytest

from fedi.activitypub.vocabulary import addresses
from fedi.clock import now
from fedi.effects.linking import Linking
from tests.effects.test_lanes import OUTCOMES, befriend, queue, sending
from tests.support import linked_verifying
from tests.support.fake_remote import FakeRemote, Received
from tests.support.here import CONTEXT, PUBLIC, Here, Person, until
from tests.support.keys import public_pem, rsa_key


async def sent(here: Here, there: FakeRemote, number: int, linking: Linking | None) -> list[Received]:
    """Deliver what was said; return what came."""
    await queue(here)
    async with sending(here, linking):
        await until(here, OUTCOMES, [("delivered", 202)] * number)
    return there.deliveries()


async def all_sorts(here: Here, alice: Person) -> int:
    """Say what anybody may pass on, and what nobody may; return how many things. All of it goes to one follower."""
    note = await here.post(alice)
    await here.post(alice, inReplyTo=note["id"], to=[alice.followers], cc=[PUBLIC])
    private = await here.post(alice, to=[alice.followers], cc=[])
    boost = {"to": [PUBLIC], "cc": [alice.followers]}
    await here.say(alice, "Announce", note["id"], status_id=here.appender.allot(now()), **boost)
    own = {"to": [alice.followers]}
    await here.say(alice, "Announce", private["id"], status_id=here.appender.allot(now()), **own)
    await here.say(alice, "Update", {**note, "content": "<p>better</p>", "updated": now().isoformat()}, to=[PUBLIC])
    await here.say(alice, "Update", {**private, "updated": now().isoformat()}, to=private["to"])
    await here.say(alice, "Delete", {"id": note["id"], "type": "Tombstone"}, to=[PUBLIC])
    return 8


def kinds(delivered: list[Received], *, linked: bool) -> list[tuple[str, bool]]:
    """Return of what was delivered, signed so or not, what it is and whether it is for everybody."""
    return [
        (each.activity["type"], PUBLIC in {*each.activity["to"], *each.activity.get("cc", ())})
        for each in delivered
        if ("signature" in each.activity) is linked
    ]


async def test_what_is_public_carries_a_signature_over_what_is_delivered(here: Here, there: FakeRemote) -> None:
    alice = await here.person("alice")
    await befriend(here, there.actor("bob"), alice)
    delivered = await sent(here, there, await all_sorts(here, alice), Linking(now))
    public = [("Create", True), ("Create", True), ("Announce", True), ("Update", True), ("Delete", True)]
    assert kinds(delivered, linked=True) == public
    assert kinds(delivered, linked=False) == [("Create", False), ("Announce", False), ("Update", False)]
    for each in delivered:
        if "signature" in each.activity:
            assert linked_verifying.fault(msgspec.json.decode(each.body), public_pem(rsa_key("alice"))) is None
            assert each.activity["signature"]["creator"] == addresses.key(alice.id)


async def test_where_documents_need_leave_only_ends_are_signed(here: Here, there: FakeRemote) -> None:
    alice = await here.person("alice")
    await befriend(here, there.actor("bob"), alice)
    delivered = await sent(here, there, await all_sorts(here, alice), Linking(now, ends_only=True))
    assert kinds(delivered, linked=True) == [("Delete", True)]


async def test_nothing_is_signed_so_unless_the_operator_wants_it(here: Here, there: FakeRemote) -> None:
    alice = await here.person("alice")
    await befriend(here, there.actor("bob"), alice)
    assert kinds(await sent(here, there, await all_sorts(here, alice), None), linked=True) == []


async def test_an_unknown_context_is_sent_as_it_is_and_complained_of_once(caplog: pytest.LogCaptureFixture) -> None:
    linking, strange = Linking(now), "https://m.test/context"
    for position in (1, 2):
        body = activity(context=[CONTEXT, strange])
        assert await linking.body(position, body, "https://here.test/bob#main-key", rsa_key("bob")) == body
    assert [(each.levelno, strange in each.getMessage()) for each in caplog.records] == [(logging.WARNING, True)]


async def test_a_post_is_signed_once_and_anew_with_a_new_key() -> None:
    linking = Linking(now)
    first = await linking.body(1, activity(), "https://here.test/bob#main-key", rsa_key("bob"))
    assert await linking.body(1, activity(), "https://here.test/bob#main-key", rsa_key("bob")) is first
    second = await linking.body(1, activity(), "https://here.test/bob#main-key", rsa_key("bob's next"))
    assert linked_verifying.fault(msgspec.json.decode(second), public_pem(rsa_key("bob's next"))) is None


def activity(context: Any = CONTEXT) -> bytes:
    return msgspec.json.encode(
        {
            "@context": context,
            "id": "https://here.test/bob/1#delete",
            "type": "Delete",
            "actor": "https://here.test/bob",
            "object": "https://here.test/bob/1",
            "to": [PUBLIC],
        }
    )
