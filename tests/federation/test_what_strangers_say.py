"""What scripted strangers say to a server that runs is read by people, and what they only mention is fetched."""

from typing import Any

import pytest
from mastodon import Mastodon

from tests.support.fake_actor import FakeActor
from tests.support.fake_remote import FakeRemote
from tests.support.keys import rsa_key
from tests.support.whole import Server, eventually


@pytest.fixture(scope="module")
def alice(here: Server, there: FakeRemote, ann: Mastodon) -> FakeActor:
    """Somebody elsewhere whom Ann follows."""
    alice = there.actor("alice")
    (found,) = ann.account_search(alice.handle, resolve=True)
    ann.account_follow(found)
    (follow,) = there.wait_for(lambda seen: seen.path == f"{alice.path}/inbox")
    assert follow.fault is None
    assert ann.account_relationships(found)[0].requested
    assert alice.send(alice.accept(follow.activity), here.inbox).status == 202
    eventually(lambda: ann.account_relationships(found)[0].following)
    return alice


def at_home(reader: Mastodon, uri: str) -> Any:
    return next((each for each in reader.timeline_home() if each.uri == uri), None)


@pytest.mark.parametrize("form", ["cavage", "rfc9421"])
@pytest.mark.parametrize("inbox", ["/inbox", "/users/ann/inbox"])
def test_a_signed_post_comes_home(here: Server, ann: Mastodon, alice: FakeActor, form: str, inbox: str) -> None:
    note = alice.note("good morning")
    reply = alice.send(alice.create(note), f"http://{here.domain}{inbox}", form=form)
    assert (reply.status, reply.body) == (202, b"")
    seen = eventually(lambda: at_home(ann, note["id"]))
    assert (seen.content, seen.account.acct) == ("<p>good morning</p>", alice.handle)


def test_a_post_that_comes_twice_is_there_once(here: Server, ann: Mastodon, alice: FakeActor) -> None:
    note = alice.note("once")
    first, again = (alice.send(alice.create(note), here.inbox).status for _ in range(2))
    assert (first, again) == (202, 202)
    eventually(lambda: at_home(ann, note["id"]))
    assert [each.uri for each in ann.timeline_home()].count(note["id"]) == 1


def test_a_deletion_that_comes_first_wins(here: Server, ann: Mastodon, alice: FakeActor) -> None:
    note, later = alice.note("never mind"), alice.note("something else")
    create = alice.create(note)
    for activity in (alice.delete(note["id"]), create, alice.create(later)):
        assert alice.send(activity, here.inbox).status == 202
    eventually(lambda: at_home(ann, later["id"]))
    assert at_home(ann, note["id"]) is None


def test_an_unknown_parent_is_fetched_and_shown_in_context(
    here: Server, ann: Mastodon, alice: FakeActor, elsewhere: FakeRemote
) -> None:
    question = elsewhere.actor("carl").note("what is the question?")
    reply = alice.note("this is the answer", inReplyTo=question["id"])
    alice.send(alice.create(reply), here.inbox)
    (author,) = ann.account_search(alice.handle)
    seen = eventually(lambda: next((s for s in ann.account_statuses(author) if s.uri == reply["id"]), None))
    (parent,) = eventually(lambda: ann.status_context(seen.id).ancestors)
    assert (parent.uri, parent.content) == (question["id"], "<p>what is the question?</p>")
    assert ann.status(seen.id).in_reply_to_id == parent.id
    asked = elsewhere.requests(question["id"].removeprefix(elsewhere.origin))
    assert {each.fault for each in asked} == {None}
    # Once because it was missing. Then for what hangs on it, as the thread was opened, and began with it afterwards.
    assert len(asked) <= 3


def test_an_unknown_post_that_is_boosted_is_fetched(
    here: Server, ann: Mastodon, alice: FakeActor, elsewhere: FakeRemote
) -> None:
    note = elsewhere.actor("dora").note("worth a boost")
    announce = alice.announce(note["id"])
    alice.send(announce, here.inbox)
    boost = eventually(lambda: at_home(ann, announce["id"]))
    assert (boost.reblog.uri, boost.reblog.content) == (note["id"], "<p>worth a boost</p>")
    assert boost.reblog.account.acct == "dora@" + elsewhere.authority


def test_first_contact_brings_counts_pins_and_latest_posts(ann: Mastodon, there: FakeRemote) -> None:
    erin = there.actor("erin")
    notes = [erin.note(f"post {number}", published=f"2024-06-0{number + 1}T00:00:00Z") for number in range(3)]
    erin.pinned = [notes[0]["id"]]
    erin.followers = [there.url(f"/users/{number}") for number in range(7)]
    erin.following = [there.url(f"/users/{number}") for number in range(4)]
    (found,) = ann.account_search(erin.handle, resolve=True)
    account = eventually(lambda: (seen := ann.account(found.id)).statuses_count and seen)
    assert (account.followers_count, account.following_count, account.statuses_count) == (7, 4, 3)
    assert [each.uri for each in ann.account_statuses(found.id)] == [note["id"] for note in reversed(notes)]
    assert [each.uri for each in ann.account_statuses(found.id, pinned=True)] == erin.pinned


def test_a_new_key_is_believed_and_the_old_one_no_longer(here: Server, ann: Mastodon, there: FakeRemote) -> None:
    frida = there.actor("frida")
    ann.account_search(frida.handle, resolve=True)  # known from there: a key is fetched only once a minute
    first = frida.note("with the old key")
    assert frida.send(frida.create(first), here.inbox).status == 202
    old, frida.key = frida.key, rsa_key("frida's new one")
    second = frida.note("with the new key")
    assert frida.send(frida.create(second), here.inbox).status == 202
    eventually(lambda: any(each.uri == second["id"] for each in ann.timeline_public()))
    assert frida.send(frida.create(frida.note("stolen")), here.inbox, key=old).status == 401
