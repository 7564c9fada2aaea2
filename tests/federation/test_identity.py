"""Who somebody is, over sockets: handles of another domain, new names, moves, and people who vanish and return."""

import html
import re
from typing import Any
from urllib.parse import urlencode

import httpx
from mastodon import Mastodon, MastodonNotFoundError

from tests.support.fake_actor import FakeActor
from tests.support.fake_remote import Answer, FakeRemote
from tests.support.keys import rsa_key
from tests.support.whole import Server, eventually, server

PASSWORD = "a good password"


def followed(here: Server, there: FakeRemote, who: FakeActor) -> Any:
    """Let ann follow somebody elsewhere; return them as she sees them."""
    ann = here.people["ann"]
    (account,) = ann.account_search(who.handle, resolve=True)
    ann.account_follow(account)
    (follow,) = there.wait_for(lambda seen: seen.method == "POST" and seen.activity["object"] == who.id)
    assert who.send(who.accept(follow.activity), here.inbox).status == 202
    eventually(lambda: ann.account_relationships(account)[0].following)
    return account


def test_a_handle_may_have_another_domain_than_all_addresses(admin_url: str, here: Server, ann: Mastodon) -> None:
    with server(admin_url, ("bob",), handles_at="127.0.0.1") as there:
        bob = there.people["bob"]
        port = there.domain.partition(":")[2]
        subject = f"bob@127.0.0.1:{port}"
        for asked in (f"bob@localhost:{port}", subject):
            answer = httpx.get(f"http://{there.domain}/.well-known/webfinger", params={"resource": f"acct:{asked}"})
            assert answer.json()["subject"] == f"acct:{subject}"
            (found,) = ann.account_search(asked, resolve=True)
            assert (found.acct, found.uri) == (subject, there.actor("bob"))
        (ann_there,) = bob.account_search(here.handle("ann"), resolve=True)
        bob.account_follow(ann_there)
        ann.account_follow(found)
        eventually(lambda: bob.account_relationships(ann_there)[0].followed_by)
        assert bob.account_verify_credentials().acct == "bob"
        ann.status_post(f"@{subject} are you there?", visibility="direct")
        mention = eventually(lambda: next((n for n in bob.notifications() if n.type == "mention"), None))
        assert mention.account.acct == here.handle("ann")


def test_who_moves_takes_followers_along_if_the_new_account_agrees(
    here: Server, there: FakeRemote, elsewhere: FakeRemote, ann: Mastodon
) -> None:
    alice, thief = there.actor("alice"), elsewhere.actor("thief")
    successor = elsewhere.actor("alice", alsoKnownAs=[alice.id])
    account = followed(here, there, alice)
    for target in (thief, successor):
        alice.fields["movedTo"] = target.id
        move = {**alice.activity("Move", alice.id), "target": target.id}
        assert alice.send(move, here.inbox).status == 202
    (follow,) = elsewhere.wait_for(lambda seen: seen.method == "POST" and seen.activity["type"] == "Follow")
    assert (follow.fault, follow.activity["object"]) == (None, successor.id)
    assert successor.send(successor.accept(follow.activity), here.inbox).status == 202
    (undone,) = there.wait_for(lambda seen: seen.method == "POST" and seen.activity["type"] == "Undo")
    assert undone.activity["object"]["object"] == alice.id
    (found,) = ann.account_search(successor.handle, resolve=False)
    eventually(lambda: ann.account_relationships(found)[0].following)
    assert not ann.account_relationships(account)[0].following


def test_who_has_a_new_name_keeps_followers_and_posts(here: Server, there: FakeRemote, ann: Mastodon) -> None:
    carl = there.actor("carl")
    account = followed(here, there, carl)
    carl.fields["preferredUsername"] = "charles"
    assert carl.send(carl.activity("Update", carl.document()), here.inbox).status == 202
    renamed = eventually(lambda: (seen := ann.account(account.id)).username == "charles" and seen)
    assert renamed.acct == f"charles@{there.authority}"
    assert ann.account_relationships(account)[0].following


def test_who_vanishes_is_gone_and_comes_back_the_same(here: Server, there: FakeRemote, ann: Mastodon) -> None:
    gina = there.actor("gina")
    account = followed(here, there, gina)
    before = gina.note("before")
    assert gina.send(gina.create(before), here.inbox).status == 202
    seen = eventually(lambda: next((each for each in ann.timeline_home() if each.uri == before["id"]), None))
    there.answer(gina.path, Answer(status=410))
    unknown = gina.sign(gina.delete(gina.id), here.inbox, key=rsa_key("thrown away"))
    assert unknown.send().status == 202
    eventually(lambda: absent(lambda: ann.account(account.id)) and absent(lambda: ann.status(seen.id)))

    there.answer(gina.path)
    again = gina.note("I am back")
    assert gina.send(gina.create(again), here.inbox).status == 202
    back = eventually(lambda: next(iter(ann.account_search(gina.handle, resolve=False)), None))
    assert back.id == account.id
    assert not ann.account_relationships(back)[0].following
    assert [each.uri for each in eventually(lambda: ann.account_statuses(back))] == [again["id"]]


def absent(look: Any) -> bool:
    try:
        look()
    except MastodonNotFoundError:
        return True
    return False


def test_a_button_elsewhere_leads_to_a_follow(here: Server, there: FakeRemote) -> None:
    made = here.run("accounts", "create", "olga", "--email", "olga@example.com", "--password", PASSWORD)
    assert made.returncode == 0, made.stderr
    hugo = there.actor("hugo")
    template = next(
        link["template"]
        for link in httpx.get(
            f"http://{here.domain}/.well-known/webfinger", params={"resource": f"acct:olga@{here.domain}"}
        ).json()["links"]
        if link["rel"] == "http://ostatus.org/schema/1.0/subscribe"
    )
    with httpx.Client(base_url=f"http://{here.domain}", follow_redirects=True) as browser:
        asked = browser.get(template.replace("{uri}", urlencode({"": hugo.id})[1:]))
        page = send(browser, asked, login="olga", password=PASSWORD)
        assert hugo.handle in page.text
        send(browser, page)
    (follow,) = there.wait_for(lambda seen: seen.method == "POST" and seen.activity["object"] == hugo.id)
    assert (follow.fault, follow.activity["actor"]) == (None, here.actor("olga"))


def send(browser: httpx.Client, page: httpx.Response, **filled: str) -> httpx.Response:
    """Send the first form of a page."""
    match = re.search(r'<form method="post" action="([^"]*)"[^>]*>(.*?)</form>', page.text, re.DOTALL)
    assert match is not None, page.text
    fields = dict(re.findall(r'<input[^>]*name="([^"]*)"[^>]*value="([^"]*)"', match[2]))
    return browser.post(match[1], data={**{name: html.unescape(value) for name, value in fields.items()}, **filled})
