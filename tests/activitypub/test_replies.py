"""Completing a thread from where it was written, within bounds."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from fedi.activitypub.resolve import fetch_replies, replies
from tests.support import servers
from tests.support.fake_actor import Document, FakeActor
from tests.support.fake_remote import Answer, FakeRemote
from tests.support.here import Here, running


@pytest.fixture
async def here(admin_url: str) -> AsyncIterator[Here]:
    with servers.fresh_database(admin_url) as url:
        async with running(url) as server:
            yield server


def listed(post: Document, *answers: str, more: str = "") -> None:
    """Let a post list its answers as Mastodon does: a first page inside, and the rest to be asked for."""
    page: dict[str, Any] = {"type": "CollectionPage", "partOf": f"{post['id']}/replies", "items": list(answers)}
    if more:
        page["next"] = more
    post["replies"] = {"id": f"{post['id']}/replies", "type": "Collection", "first": page}


def page(remote: FakeRemote, path: str, *answers: str, more: str) -> str:
    document = {"id": remote.url(path), "type": "CollectionPage", "items": list(answers), "next": more}
    remote.answer(path, Answer(body=document))
    return remote.url(path)


def answer(author: FakeActor, parent: Document, **fields: Any) -> Document:
    return author.note(inReplyTo=parent["id"], **fields)


async def found(here: Here, root: Document) -> list[str]:
    here.fold()
    return [uri async for uri in fetch_replies(here.means, root["id"])]


async def test_answers_of_answers_are_found_on_all_servers(
    here: Here, there: FakeRemote, elsewhere: FakeRemote
) -> None:
    alice, bob = there.actor("alice"), elsewhere.actor("bob")
    root = alice.note()
    first, known = answer(bob, root), answer(alice, root)
    second, below = answer(alice, first), answer(bob, known)
    private = answer(bob, root, to=[f"{bob.id}/followers"], cc=[])
    listed(root, known["id"], first["id"], private["id"], alice.note()["id"], "https://gone.invalid/1")
    listed(first, second["id"], root["id"])
    listed(known, below["id"])
    for document in (alice.document(), bob.document(), root, known):
        await here.meet(document)
    assert set(await found(here, root)) == {first["id"], second["id"], below["id"]}
    here.fold()
    parents = "SELECT s.uri, p.uri FROM read.statuses s JOIN read.statuses p ON p.id = s.in_reply_to_id"
    linked = dict(await here.rows(parents))
    assert (linked[second["id"]], linked[below["id"]]) == (first["id"], known["id"])


async def test_pages_are_turned_and_endless_ones_are_given_up(here: Here, there: FakeRemote) -> None:
    alice = there.actor("alice")
    root = alice.note()
    answers = [answer(alice, root)["id"] for _ in range(replies.MAX_PAGES + 3)]
    for number, each in enumerate(answers):
        page(there, f"/page/{number}", each, more=there.url(f"/page/{number + 1}"))
    listed(root, more=there.url("/page/0"))
    assert await found(here, root) == answers[: replies.MAX_PAGES]


async def test_s_064_a_thread_without_end_is_left_at_some_point(
    here: Here, there: FakeRemote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replies, "MAX_KEPT", 3)
    alice = there.actor("alice")
    root = parent = alice.note()
    for _ in range(6):
        child = answer(alice, parent)
        listed(parent, child["id"], root["id"])
        parent = child
    assert len(await found(here, root)) == 3


async def test_lists_of_other_servers_are_not_asked_for(here: Here, there: FakeRemote, elsewhere: FakeRemote) -> None:
    alice = there.actor("alice")
    root = alice.note()
    page(elsewhere, "/page", answer(alice, root)["id"], more="")
    listed(root, more=elsewhere.url("/page"))
    assert await found(here, root) == []
