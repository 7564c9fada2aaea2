"""Somebody opens a thread of which a piece is known here: the running server completes it from where it was said."""

import re
from collections.abc import Iterator
from typing import Any

import httpx

from tests.support.fake_actor import Document, FakeActor
from tests.support.fake_remote import FakeRemote
from tests.support.whole import Server, eventually


def answer(author: FakeActor, parent: Document, text: str, **more: Any) -> Document:
    """Answer a post; its own server knows of it only if it is told."""
    said = author.note(text, inReplyTo=parent["id"], **more)
    parent.setdefault("replies", {"id": f"{parent['id']}/replies", "type": "Collection", "items": []})
    parent["replies"]["items"].append(said["id"])
    return said


def opened(here: Server, post: str) -> tuple[str | None, list[str], list[str]]:
    """Return what is going on with a thread, and the texts above and below a post."""
    reply = httpx.get(f"http://{here.domain}/api/v1/statuses/{post}/context", headers=bearer(here))
    told = re.search(r'id="([^"]+)"', reply.headers.get("mastodon-async-refresh", ""))
    above, below = ([each["uri"] for each in reply.json()[side]] for side in ("ancestors", "descendants"))
    return (told[1] if told else None), above, below


def bearer(here: Server) -> dict[str, str]:
    return {"Authorization": f"Bearer {here.people['ann'].access_token}"}


def finished(here: Server, refresh: str) -> int | None:
    """Return how much was found, once it is over."""
    path = f"http://{here.domain}/api/v1_alpha/async_refreshes/{refresh}"
    state = httpx.get(path, headers=bearer(here)).json()["async_refresh"]
    return state["result_count"] if state["status"] == "finished" else None


def test_a_thread_is_whole_after_it_was_opened(here: Server, there: FakeRemote, elsewhere: FakeRemote) -> None:
    alice, bob = there.actor("alice"), elsewhere.actor("bob")
    root = alice.note("the beginning")
    middle = answer(bob, root, "the middle")
    answers = [answer(author, middle, f"answer of {author.name}") for author in (alice, bob)]
    last = answer(alice, answers[1], "the end")
    beside = answer(bob, root, "beside")
    (found,) = here.people["ann"].search(middle["id"], resolve=True).statuses
    refresh, _, _ = opened(here, found.id)
    assert refresh is not None
    assert eventually(lambda: finished(here, refresh)) >= 4
    whole = {each["id"] for each in (*answers, last)}
    eventually(lambda: opened(here, found.id)[1] == [root["id"]] and set(opened(here, found.id)[2]) == whole)
    # Answers of the same moment come in either order; what answers one of them comes right after it.
    below = opened(here, found.id)[2]
    assert below.index(last["id"]) == below.index(answers[1]["id"]) + 1
    (top,) = here.people["ann"].search(root["id"], resolve=False).statuses
    eventually(lambda: beside["id"] in opened(here, top.id)[2])
    assert opened(here, found.id)[0] is None, "not again at once"


def test_a_thread_that_began_here_is_completed_from_the_answers_to_answers(
    here: Server, there: FakeRemote, elsewhere: FakeRemote
) -> None:
    ann, carol, dave = here.people["ann"], there.actor("carol"), elsewhere.actor("dave")
    post = ann.status_post("who knows?")
    first = carol.note("I do", inReplyTo=post.uri)
    second = answer(dave, first, "so do I")
    assert carol.send(carol.create(first), here.inbox).status == 202
    eventually(lambda: opened(here, post.id)[2] == [first["id"]])
    eventually(lambda: opened(here, post.id)[2] == [first["id"], second["id"]])


def test_a_conversation_that_began_here_is_listed_for_others_a_page_at_a_time(here: Server, there: FakeRemote) -> None:
    ann, erin = here.people["ann"], there.actor("erin")
    post = ann.status_post("come in")
    hidden = ann.status_post("psst", in_reply_to_id=post.id, visibility="private")
    said = [erin.note(f"answer {number}", inReplyTo=post.uri) for number in range(21)]
    for each in said:
        assert erin.send(erin.create(each), here.inbox).status == 202
    eventually(lambda: ann.status(post.id).replies_count >= 21)
    document = httpx.get(post.uri, headers={"Accept": "application/activity+json"}).json()
    for begin in (document["context"], document["replies"]["id"]):
        listed = list(pages(begin))
        assert {each["id"] for each in said} <= set(listed)
        assert hidden.uri not in listed
        assert len(listed) == len(set(listed))
    counted = [httpx.get(document[name], headers=JSON).json()["totalItems"] for name in ("likes", "shares")]
    assert counted == [0, 0]
    assert httpx.get(document["replies"]["id"], headers=JSON).json()["totalItems"] == 21, "those that anybody may see"


JSON = {"Accept": "application/activity+json"}


def pages(collection: str) -> Iterator[str]:
    """Yield what a collection lists, turning its pages."""
    page: Any = httpx.get(collection, headers=JSON).json()["first"]
    while page:
        document = httpx.get(page, headers=JSON).json() if isinstance(page, str) else page
        yield from document.get("items", [])
        page = document.get("next")
