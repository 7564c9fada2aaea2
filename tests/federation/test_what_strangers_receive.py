"""What a server that runs delivers to scripted strangers: well signed, in order, and all of it, whatever dies."""

import os
import signal

import psycopg
import pytest
from mastodon import Mastodon

from tests.support.behaviours import held
from tests.support.fake_actor import FakeActor
from tests.support.fake_remote import Answer, FakeRemote, fake_remote
from tests.support.fediverse import fediverse
from tests.support.program import family
from tests.support.whole import Server, eventually

KILLS = 3


def follows(actor: FakeActor, here: Server, name: str) -> None:
    """Follow somebody, and wait until that is accepted."""
    assert actor.send(actor.follow(here.actor(name)), here.inbox).status == 202
    (accept,) = actor.remote.wait_for(lambda seen: seen.path == f"{actor.path}/inbox", timeout=20)
    assert (accept.activity["type"], accept.fault) == ("Accept", None)


@pytest.fixture(scope="module")
def follower(here: Server, there: FakeRemote) -> FakeActor:
    follower = there.actor("fred")
    follows(follower, here, "ann")
    return follower


def created(remote: FakeRemote) -> list[str]:
    """Return the contents of the posts that a remote took in, in the order in which they came, without repetitions."""
    return list(dict.fromkeys(one.activity["object"]["content"] for one in remote.deliveries("Create")))


def kill_effects(here: Server) -> None:
    """End the effects role as if the machine had done it, and wait until the supervisor has started it again."""

    def running() -> int | None:
        return next((pid for pid, name in family(here.pid).items() if name == "fedi effects"), None)

    killed = eventually(running)
    os.kill(killed, signal.SIGKILL)
    eventually(lambda: running() not in {None, killed})


def test_a_post_is_delivered_once_to_the_shared_inbox_and_well_signed(
    ann: Mastodon, there: FakeRemote, follower: FakeActor, here: Server
) -> None:
    second = there.actor("gus")
    follows(second, here, "ann")
    posted = ann.status_post("to both of you")
    (delivery,) = there.wait_for(lambda seen: seen.path == "/inbox" and b"to both of you" in seen.body, timeout=20)
    assert (delivery.fault, delivery.form) == (None, "cavage")
    assert delivery.activity["object"]["id"] == posted.uri
    ann.status_post("and another thing")
    there.wait_for(lambda seen: b"and another thing" in seen.body, timeout=20)
    assert created(there) == ["<p>to both of you</p>", "<p>and another thing</p>"]
    assert len(there.deliveries("Create")) == 2


def test_who_wants_only_the_new_form_of_signature_gets_it(here: Server, ann: Mastodon) -> None:
    with fake_remote("localhost") as remote:
        remote.accepted_forms = {"rfc9421"}
        modern = remote.actor("mia")
        modern.form = "rfc9421"
        assert modern.send(modern.follow(here.actor("ann")), here.inbox).status == 202
        *_, accept = remote.wait_for(lambda seen: seen.path == f"{modern.path}/inbox" and seen.form == "rfc9421")
        assert (accept.fault, accept.activity["type"]) == (None, "Accept")
        ann.status_post("in the new form")
        (first,) = remote.wait_for(lambda seen: seen.path == "/inbox", timeout=20)
        assert (first.fault, first.form) == (None, "rfc9421"), "what worked was not remembered"
        assert modern.send(modern.undo(modern.follow(here.actor("ann"))), here.inbox).status == 202


def test_a_follower_may_fetch_a_private_post_and_nobody_else(
    here: Server, ann: Mastodon, there: FakeRemote, follower: FakeActor
) -> None:
    posted = ann.status_post("for followers", visibility="private")
    stranger = there.actor("stan")
    assert stranger.send(stranger.like(posted.uri), here.inbox).status == 202
    granted = follower.get(posted.uri)
    assert (granted.status, b"for followers" in granted.body) == (200, True)
    assert follower.get(posted.uri, form="rfc9421").status == 200
    unsigned = follower.sign_request("GET", posted.uri).with_header("signature", None).send()
    assert {stranger.get(posted.uri).status, unsigned.status} == {404}


def test_who_was_away_gets_what_was_missed_in_order_though_the_sender_died(
    here: Server, ann: Mastodon, there: FakeRemote, follower: FakeActor
) -> None:
    there.answer("/inbox", Answer(status=503))
    said = [ann.status_post(f"while you were away {number}").content for number in range(3)]
    with psycopg.connect(here.database, autocommit=True) as connection:

        def failures() -> bool:
            query = "SELECT 1 FROM effects.hosts WHERE name = %s AND failures > 0"
            return connection.execute(query, [there.authority]).fetchone() is not None

        eventually(failures)
        kill_effects(here)
        # What the dead one was still sending has come by now, and was refused.
        there.received.clear()
        there.answer("/inbox")

        def arrived() -> bool:
            """The lane would wait for fifteen seconds, and the next sender may have been refused once: it is woken."""
            connection.execute("UPDATE effects.hosts SET wake_at = now() WHERE name = %s", [there.authority])
            connection.execute("NOTIFY fedi_deliveries")
            return len(created(there)) == len(said)

        eventually(arrived)
    assert created(there) == said
    assert {one.fault for one in there.deliveries("Create")} == {None}


def test_nothing_is_lost_when_the_sender_is_killed_again_and_again(
    here: Server, ann: Mastodon, there: FakeRemote, follower: FakeActor
) -> None:
    there.received.clear()
    said = []
    for kill in range(KILLS):
        said += [ann.status_post(f"round {kill}, post {number}").content for number in range(4)]
        kill_effects(here)
    eventually(lambda: len(created(there)) == len(said))
    assert created(there) == said


def test_a_post_reaches_many_hosts_though_some_hang_and_the_operator_sees_which(here: Server) -> None:
    cora = here.people["cora"]
    with fediverse() as everywhere:
        hosts = [everywhere.host() for _ in range(24)]
        for host in hosts:
            fan = host.actor("fan")
            assert fan.send(fan.follow(here.actor("cora")), here.inbox).status == 202
        for host in hosts:
            host.wait_for(lambda seen: seen.path == "/users/fan/inbox", timeout=20)
        hanging, well = hosts[:6], hosts[6:]
        for host in hanging:
            host.behave(held)
        posted = cora.status_post("to all of you")
        for host in well:
            (delivery,) = host.wait_for(lambda seen: seen.path == "/inbox", timeout=20)
        assert (delivery.fault, delivery.activity["object"]["id"]) == (None, posted.uri)

        def delivered(number: int) -> bool:
            query = "SELECT count(*) FROM effects.deliveries WHERE about = %s AND outcome = 'delivered'"
            return connection.execute(query, [int(posted.id)]).fetchone() == (number,)

        with psycopg.connect(here.database, autocommit=True) as connection:
            eventually(lambda: delivered(18))
            for host in hanging:
                host.release()
            eventually(lambda: delivered(24))
        shown = here.run("deliveries", "show", posted.uri)
        assert (shown.returncode, shown.stdout.splitlines()[-1]) == (0, "24 deliveries: 24 delivered"), shown.stderr
