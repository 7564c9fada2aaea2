"""Completing a thread from where it was written, within bounds."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from fedi.activitypub.resolve import Means, fetch_replies, replies
from fedi.activitypub.resolve.documents import fetch_document
from fedi.activitypub.resolve.fetched import Fetched
from fedi.activitypub.vocabulary.uris import Uri
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
    return [uri async for uri in fetch_replies(here.means, [root["id"]])]


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


async def test_what_a_known_post_answers_is_climbed_up_to(here: Here, there: FakeRemote, elsewhere: FakeRemote) -> None:
    alice, bob = there.actor("alice"), elsewhere.actor("bob")
    chain = [alice.note("the beginning")]
    for author in (bob, alice, bob):
        chain.append(answer(author, chain[-1]))
    beside = answer(alice, chain[0])
    listed(chain[0], beside["id"])
    await here.meet(bob.document())
    await here.meet(chain[-1])
    assert await found(here, chain[-1]) == [chain[2]["id"], chain[1]["id"], chain[0]["id"], beside["id"]]
    here.fold()
    assert await here.rows("SELECT count(*) FROM read.statuses WHERE in_reply_to_id IS NOT NULL") == [(4,)]


async def test_the_conversation_that_posts_name_is_read(here: Here, there: FakeRemote, elsewhere: FakeRemote) -> None:
    alice, bob = there.actor("alice"), elsewhere.actor("bob")
    context = there.url("/contexts/1")
    root = alice.note(context=context)
    first = answer(bob, root, context=context)
    unseen = "https://gone.invalid/1"
    orphan = bob.note(inReplyTo=unseen, context=context)
    stray, other = bob.note(inReplyTo=unseen), alice.note()
    there.serve(
        "/contexts/1",
        {
            "id": context,
            "type": "Collection",
            "first": {
                "id": f"{context}?page=1",
                "type": "CollectionPage",
                "items": [root["id"], first["id"], orphan["id"], stray["id"], other["id"]],
            },
        },
    )
    for document in (alice.document(), root):
        await here.meet(document)
    assert set(await found(here, root)) == {first["id"], orphan["id"]}
    assert len(there.requests("/contexts/1")) == 1


async def test_s_064_a_list_cannot_have_any_number_of_hosts_asked(
    here: Here, there: FakeRemote, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = there.actor("alice")
    root = alice.note()
    listed(root, *(f"http://host{number}.invalid/1" for number in range(9)))
    asked: list[str] = []

    async def noted(means: Means, url: Uri) -> Fetched:
        asked.append(url.authority)
        return await fetch_document(means, url)

    monkeypatch.setattr(replies, "MAX_HOSTS", 4)
    monkeypatch.setattr("fedi.activitypub.resolve.replies.fetch_document", noted)
    assert await found(here, root) == []
    assert len(set(asked)) == 4


@pytest.mark.parametrize("limit", ["MAX_ASKED_OF_HOST", "MAX_ASKED"])
async def test_s_064_one_host_is_not_asked_for_everything(
    here: Here, there: FakeRemote, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(replies, limit, 4)
    alice = there.actor("alice")
    root = alice.note()
    listed(root, *(answer(alice, root)["id"] for _ in range(9)))
    assert len(await found(here, root)) == 3


async def test_s_064_a_chain_that_goes_up_without_end_is_left(
    here: Here, there: FakeRemote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replies, "MAX_DEPTH", 3)
    alice = there.actor("alice")
    chain = [alice.note(inReplyTo=alice.note()["id"])]
    for _ in range(6):
        chain.append(answer(alice, chain[-1]))
    chain[0]["inReplyTo"] = chain[3]["id"]
    assert len(await found(here, chain[-1])) == 3
    assert len(await found(here, chain[3])) == 3
    assert await found(here, chain[0]) == [], "it goes in a circle"


ODD: list[Any] = [
    None,
    5,
    True,
    "",
    "x",
    "http://[",
    "javascript:alert(1)",
    "https://gone.invalid/\u202e",
    [],
    [[]],
    [None, 5],
    {},
    {"id": 5},
    {"type": "Collection"},
    {"id": "x", "type": "Collection", "items": 5},
    {"first": {"first": {"first": {}}}},
    {
        "id": "http://x.invalid/1",
        "type": "Collection",
        "items": [None, 5, {}, [], {"id": []}, "http://[", "\u0000", "a" * 9000],
    },
    {
        "id": "http://x.invalid/1",
        "type": "Collection",
        "first": ["http://x.invalid/2", {"items": [1]}],
        "next": {"id": 7},
    },
    {
        "id": "http://x.invalid/1",
        "type": "CollectionPage",
        "items": ["http://x.invalid/1"],
        "next": "http://x.invalid/1",
    },
]


async def test_whatever_stands_where_lists_should_the_walk_ends(here: Here, there: FakeRemote) -> None:
    alice = there.actor("alice")
    root = alice.note()
    await here.meet(alice.document())
    await here.meet(root)
    here.fold()
    there.serve("/odd", {"id": there.url("/odd"), "type": "Collection", "items": ODD, "next": there.url("/odd")})
    for odd in (*ODD, there.url("/odd"), there.url("/users/alice")):
        for place in ("replies", "context", "inReplyTo"):
            root.pop("replies", None)
            root.pop("context", None)
            root.pop("inReplyTo", None)
            root[place] = odd
            assert [uri async for uri in fetch_replies(here.means, [root["id"]])] == []
