"""Public, hashtag, list and account timelines."""

import pytest

from fedi.descriptions import Attachment
from fedi.views import tags, timelines
from fedi.views.pages import Page
from fedi.views.timelines import Narrowing
from tests.support.views import Connection, account, block, boost, follow, insert, mute, status

ALL = Page(limit=40)
PICTURE = (Attachment(kind="image", url="https://remote.example/a.png"),)


async def test_public_has_original_public_statements_only(read: Connection) -> None:
    author = await account(read, "author")
    post = await status(read, author)
    threaded = await status(read, author, in_reply_to_id=post, in_reply_to_account_id=author, in_reply_to_uri="p")
    other = await account(read, "other")
    await status(read, other, in_reply_to_id=post, in_reply_to_account_id=author, in_reply_to_uri="p")
    await boost(read, other, post)
    for visibility in ("unlisted", "private", "direct"):
        await status(read, author, visibility=visibility)
    await status(read, await account(read, "suspended", suspended=True))
    assert await timelines.public(read, None, ALL) == [threaded, post]


@pytest.mark.parametrize(
    ("narrowing", "expected"),
    [
        (Narrowing(local=True), ["here"]),
        (Narrowing(remote=True), ["picture", "there"]),
        (Narrowing(only_media=True), ["picture"]),
        (Narrowing(local=True, only_media=True), []),
    ],
)
async def test_public_is_narrowed(read: Connection, narrowing: Narrowing, expected: list[str]) -> None:
    author = await account(read, "author")
    names = {
        await status(read, author): "here",
        await status(read, author, local=False): "there",
        await status(read, author, local=False, attachments=PICTURE): "picture",
    }
    assert [names[each] for each in await timelines.public(read, None, ALL, narrowing)] == expected


async def test_readers_are_spared_whom_they_mute_and_block_and_who_blocks_them(read: Connection) -> None:
    reader = await account(read, "reader")
    muted, blocked, blocking, welcome = [await account(read, name) for name in ("m", "b", "c", "w")]
    posts = [await status(read, author, tags=["cats"]) for author in (muted, blocked, blocking, welcome)]
    await mute(read, reader, muted)
    await block(read, reader, blocked)
    await block(read, blocking, reader)
    assert await timelines.public(read, reader, ALL) == posts[3:]
    assert await timelines.tag(read, ["cats"], reader, ALL) == posts[3:]
    assert len(await timelines.public(read, None, ALL)) == 4


async def test_tags_are_joined_and_excluded(read: Connection) -> None:
    author = await account(read, "author")
    cat = await status(read, author, tags=["cats"])
    both = await status(read, author, tags=["cats", "dogs"])
    dog = await status(read, author, tags=["dogs"])
    await status(read, author, tags=["cats"], visibility="unlisted")
    assert await timelines.tag(read, ["cats"], None, ALL) == [both, cat]
    assert await timelines.tag(read, ["cats", "dogs"], None, ALL) == [dog, both, cat]
    assert await timelines.tag(read, ["cats"], None, ALL, Narrowing(all_tags=["dogs"])) == [both]
    assert await timelines.tag(read, ["cats"], None, ALL, Narrowing(no_tags=["dogs"])) == [cat]


async def test_whichever_of_them_is_the_rarest_posts_have_all_tags(read: Connection) -> None:
    author = await account(read, "author")
    said = [
        ["cats"],
        ["cats", "dogs"],
        ["cats", "dogs", "rain"],
        ["dogs", "rain"],
        ["cats"],
        ["rain"],
        ["dogs"],
        ["dogs"],
    ]
    posts = [await status(read, author, tags=each) for each in said]
    for wanted in (["cats", "dogs"], ["dogs", "cats"], ["cats", "dogs", "rain"], ["rain", "cats"], ["dogs", "dogs"]):
        first, *others = wanted
        found = await timelines.tag(read, [first], None, ALL, Narrowing(all_tags=others))
        assert found == [post for post, tags in zip(posts, said, strict=True) if {*wanted} <= {*tags}][::-1]
    assert await timelines.tag(read, ["cats"], None, ALL, Narrowing(all_tags=["unused"])) == []
    assert await timelines.tag(read, ["cats"], None, ALL, Narrowing(all_tags=["dogs"], no_tags=["rain"])) == posts[1:2]
    either = await timelines.tag(read, ["cats", "rain"], None, ALL, Narrowing(all_tags=["dogs"]))
    assert either == [posts[3], posts[2], posts[1]]


async def test_several_tags_are_turned_like_one(read: Connection) -> None:
    author = await account(read, "author")
    posts = [
        await status(read, author, tags=each) for each in (["a"], ["a", "b"], ["b"], ["b"], ["a"], ["c"], ["b", "a"])
    ]
    shown = [each for number, each in enumerate(posts) if number != 5]
    either = ["a", "b", "unused"]
    assert await timelines.tag(read, either, None, Page(limit=3)) == shown[:-4:-1]
    assert await timelines.tag(read, either, None, Page(limit=2, max_id=shown[3])) == [shown[2], shown[1]]
    assert await timelines.tag(read, either, None, Page(limit=2, since_id=shown[1])) == [shown[5], shown[4]]
    assert await timelines.tag(read, either, None, Page(limit=2, min_id=shown[1])) == [shown[3], shown[2]]
    assert await timelines.tag(read, [], None, ALL) == []


async def test_a_search_for_hashtags_tells_nothing_of_posts_that_are_not_public(read: Connection) -> None:
    author = await account(read, "author")
    await status(read, author, tags=["projects"])
    for visibility in ("unlisted", "private", "direct"):
        await status(read, author, tags=["projects", f"project_{visibility}"], visibility=visibility)
    found = await tags.search(read, "project", limit=10)
    assert [(each.name, each.uses) for each in found] == [("projects", 1)]


async def test_account_shows_what_its_reader_may_see(read: Connection) -> None:
    author, follower = await account(read, "author"), await account(read, "follower")
    await follow(read, follower, author)
    post = await status(read, author, attachments=PICTURE, tags=["cats"])
    private = await status(read, author, visibility="private")
    answer = await status(read, author, in_reply_to_uri="https://elsewhere.example/1")
    again = await boost(read, author, await status(read, follower))
    await status(read, author, visibility="direct")
    assert await timelines.of_account(read, author, follower, ALL) == [again, answer, private, post]
    assert await timelines.of_account(read, author, None, ALL) == [again, answer, post]
    for narrowing, expected in (
        (Narrowing(without_replies=True), [again, post]),
        (Narrowing(without_boosts=True), [answer, post]),
        (Narrowing(only_media=True), [post]),
        (Narrowing(all_tags=["cats"]), [post]),
    ):
        assert await timelines.of_account(read, author, None, ALL, narrowing) == expected


async def test_pins_stand_in_the_order_of_pinning(read: Connection) -> None:
    author = await account(read, "author")
    first, second = await status(read, author), await status(read, author)
    hidden = await status(read, author, visibility="private")
    for place, post in enumerate((second, first, hidden)):
        await insert(read, "pins", id=place, account_id=author, status_id=post)
    assert [each.id for each in await timelines.pinned(read, author, None, ALL)] == [first, second]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("none", {"post", "thread", "to owner"}),
        ("list", {"post", "thread", "to owner", "to member"}),
        ("followed", {"post", "thread", "to owner", "to member", "to followed"}),
    ],
)
async def test_list_follows_its_replies_policy(read: Connection, policy: str, expected: set[str]) -> None:
    people = {
        name: await account(read, name) for name in ("owner", "member", "colleague", "followed", "stranger", "else")
    }
    for name in ("member", "colleague", "followed"):
        await follow(read, people["owner"], people[name])
    values = {"title": "Five", "replies_policy": policy, "exclusive": False}
    await insert(read, "lists", id=5, account_id=people["owner"], **values)
    for place, name in enumerate(("member", "colleague", "stranger")):
        await insert(read, "list_accounts", id=place, list_id=5, account_id=people[name])

    async def answer(target: str) -> int:
        whose = people[target]
        return await status(read, people["member"], in_reply_to_id=1, in_reply_to_account_id=whose, in_reply_to_uri="p")

    names = {
        await status(read, people["member"]): "post",
        await answer("member"): "thread",
        await answer("owner"): "to owner",
        await answer("colleague"): "to member",
        await answer("followed"): "to followed",
        await answer("else"): "to somebody else",
        await status(read, people["stranger"]): "of one not followed",
        await status(read, people["followed"]): "of one not in the list",
    }
    assert {names[each] for each in await timelines.of_list(read, 5, people["owner"], ALL)} == expected
    assert await timelines.of_list(read, 5, people["stranger"], ALL) == []


async def test_of_tags_that_posts_must_have_the_rarest_is_looked_for(read: Connection) -> None:
    author = await account(read, "author")
    for each in (["cats", "dogs"], ["cats", "dogs", "rain"], ["cats"]):
        await status(read, author, tags=each)
    looked_for, narrowing = await timelines._rarest_first(read, {"cats", "dogs", "rain"}, Narrowing(no_tags=["snow"]))
    assert (looked_for, narrowing.all_tags, narrowing.no_tags) == (["rain"], {"cats", "dogs"}, ["snow"])
    looked_for, _ = await timelines._rarest_first(read, {"cats", "unused"}, Narrowing())
    assert looked_for == ["unused"], "what nobody uses is the rarest"


async def test_lists_are_turned_both_ways(read: Connection) -> None:
    owner, *members = [await account(read, name) for name in ("owner", "one", "other", "silent")]
    await insert(read, "lists", id=5, account_id=owner, title="Five", replies_policy="list", exclusive=False)
    for place, member in enumerate(members):
        await follow(read, owner, member)
        await insert(read, "list_accounts", id=place, list_id=5, account_id=member)
    posts = [await status(read, members[number]) for number in (0, 0, 1, 0, 1, 1)]
    assert await timelines.of_list(read, 5, owner, Page(limit=3)) == posts[:2:-1]
    assert await timelines.of_list(read, 5, owner, Page(limit=2, max_id=posts[3])) == [posts[2], posts[1]]
    assert await timelines.of_list(read, 5, owner, Page(limit=2, since_id=posts[1])) == [posts[5], posts[4]]
    assert await timelines.of_list(read, 5, owner, Page(limit=2, min_id=posts[1])) == [posts[3], posts[2]]
