"""What stands in a home timeline, and what does not."""

from collections.abc import Awaitable, Callable

import pytest

from fedi.views.home import home
from fedi.views.pages import Page
from tests.support.views import Connection, account, block, boost, follow, insert, mute, status

Scene = Callable[[Connection, int, int, int], Awaitable[int]]
"""Something that happens around a viewer, a followed account and a stranger; returns the status in question."""


async def own(connection: Connection, viewer: int, followed: int, stranger: int) -> int:
    return await status(connection, viewer, visibility="direct")


async def of_followed(connection: Connection, viewer: int, followed: int, stranger: int) -> int:
    return await status(connection, followed, visibility="private")


async def boost_by_followed(connection: Connection, viewer: int, followed: int, stranger: int) -> int:
    return await boost(connection, followed, await status(connection, stranger))


async def with_followed_tag(connection: Connection, viewer: int, followed: int, stranger: int) -> int:
    await insert(connection, "followed_tags", id=1, account_id=viewer, name="cats")
    return await status(connection, stranger, tags=["cats"])


async def answer_to_oneself(connection: Connection, viewer: int, followed: int, stranger: int) -> int:
    return await reply(connection, followed, followed)


async def answer_to_viewer(connection: Connection, viewer: int, followed: int, stranger: int) -> int:
    return await reply(connection, followed, viewer)


async def answer_to_followed(connection: Connection, viewer: int, followed: int, stranger: int) -> int:
    other = await account(connection, "other")
    await follow(connection, viewer, other)
    return await reply(connection, followed, other)


async def in_a_language_asked_for(connection: Connection, viewer: int, followed: int, stranger: int) -> int:
    other = await account(connection, "other")
    await follow(connection, viewer, other, languages=["de", "en"])
    return await status(connection, other, language="en")


async def of_stranger(connection: Connection, viewer: int, followed: int, stranger: int) -> int:
    return await status(connection, stranger)


async def of_requested(connection: Connection, viewer: int, followed: int, stranger: int) -> int:
    await follow(connection, viewer, stranger, accepted=False)
    return await status(connection, stranger)


async def direct_to_another(connection: Connection, viewer: int, followed: int, stranger: int) -> int:
    return await status(connection, followed, visibility="direct")


async def unlisted_with_followed_tag(connection: Connection, viewer: int, followed: int, stranger: int) -> int:
    await insert(connection, "followed_tags", id=1, account_id=viewer, name="cats")
    return await status(connection, stranger, tags=["cats"], visibility="unlisted")


async def answer_to_stranger(connection: Connection, viewer: int, followed: int, stranger: int) -> int:
    return await reply(connection, followed, stranger)


async def answer_to_the_unknown(connection: Connection, viewer: int, followed: int, stranger: int) -> int:
    return await status(connection, followed, in_reply_to_uri="https://elsewhere.example/1")


async def boost_where_none_are_wanted(connection: Connection, viewer: int, followed: int, stranger: int) -> int:
    other = await account(connection, "other")
    await follow(connection, viewer, other, boosts=False)
    return await boost(connection, other, await status(connection, stranger))


async def boost_of_a_muted(connection: Connection, viewer: int, followed: int, stranger: int) -> int:
    await mute(connection, viewer, stranger)
    again = await status(connection, stranger)
    return await boost(connection, followed, again, boost_of_account_id=stranger)


async def boost_of_one_who_blocks(connection: Connection, viewer: int, followed: int, stranger: int) -> int:
    await block(connection, stranger, viewer)
    again = await status(connection, stranger)
    return await boost(connection, followed, again, boost_of_account_id=stranger)


async def of_muted(connection: Connection, viewer: int, followed: int, stranger: int) -> int:
    await mute(connection, viewer, followed)
    return await status(connection, followed)


async def of_member_of_an_exclusive_list(connection: Connection, viewer: int, followed: int, stranger: int) -> int:
    await insert(connection, "lists", id=1, account_id=viewer, title="Apart", replies_policy="list", exclusive=True)
    await insert(connection, "list_accounts", id=1, list_id=1, account_id=followed)
    return await status(connection, followed)


async def in_another_language(connection: Connection, viewer: int, followed: int, stranger: int) -> int:
    other = await account(connection, "other")
    await follow(connection, viewer, other, languages=["de"])
    return await status(connection, other, language="en")


async def reply(connection: Connection, author: int, target: int) -> int:
    parent = await status(connection, target)
    return await status(
        connection, author, in_reply_to_id=parent, in_reply_to_account_id=target, in_reply_to_uri="https://parent"
    )


async def stage(connection: Connection, scene: Scene) -> tuple[int, list[int]]:
    viewer, followed, stranger = [await account(connection, name) for name in ("viewer", "followed", "stranger")]
    await follow(connection, viewer, followed)
    found = await scene(connection, viewer, followed, stranger)
    return found, await home(connection, viewer, Page(limit=40))


@pytest.mark.parametrize(
    "scene",
    [
        own,
        of_followed,
        boost_by_followed,
        with_followed_tag,
        answer_to_oneself,
        answer_to_viewer,
        answer_to_followed,
        in_a_language_asked_for,
    ],
)
async def test_home_has(read: Connection, scene: Scene) -> None:
    found, shown = await stage(read, scene)
    assert found in shown


@pytest.mark.parametrize(
    "scene",
    [
        of_stranger,
        of_requested,
        direct_to_another,
        unlisted_with_followed_tag,
        answer_to_stranger,
        answer_to_the_unknown,
        boost_where_none_are_wanted,
        boost_of_a_muted,
        boost_of_one_who_blocks,
        of_muted,
        of_member_of_an_exclusive_list,
        in_another_language,
    ],
)
async def test_home_has_not(read: Connection, scene: Scene) -> None:
    found, shown = await stage(read, scene)
    assert found not in shown


async def test_pages_are_turned_both_ways(read: Connection) -> None:
    viewer = await account(read, "viewer")
    ids = [await status(read, viewer) for _ in range(6)]
    newest = list(reversed(ids))
    assert await home(read, viewer, Page(limit=2)) == newest[:2]
    assert await home(read, viewer, Page(limit=2, max_id=ids[4])) == [ids[3], ids[2]]
    assert await home(read, viewer, Page(limit=2, min_id=ids[0])) == [ids[2], ids[1]]
    assert await home(read, viewer, Page(limit=2, since_id=ids[0])) == newest[:2]
    assert await home(read, viewer, Page(limit=9, since_id=ids[1], max_id=ids[4])) == [ids[3], ids[2]]


@pytest.mark.parametrize("limit", [1, 2, 3])
async def test_pages_are_full_wherever_what_is_not_shown_stands(read: Connection, limit: int) -> None:
    """However much of what those whom one follows said is not for one, next to where a page begins or further on."""
    viewer, stranger = await account(read, "viewer"), await account(read, "stranger")
    authors = [await account(read, f"author{number}") for number in range(6)]
    for author in authors:
        await follow(read, viewer, author)
    every, shown = list[int](), list[int]()
    for turn in "..xx.x..xx":
        for author in authors:
            every.append(await (status(read, author) if turn == "." else reply(read, author, stranger)))
            shown += every[-1:] if turn == "." else []
    shown.reverse()
    assert await home(read, viewer, Page(limit=limit)) == shown[:limit]
    for at in every[::4]:
        below, above = [each for each in shown if each < at], [each for each in shown if each > at]
        assert await home(read, viewer, Page(limit=limit, max_id=at)) == below[:limit]
        assert await home(read, viewer, Page(limit=limit, min_id=at)) == above[-limit:]
        assert await home(read, viewer, Page(limit=limit, since_id=at)) == above[:limit]
        middle = [each for each in below if each > every[7]]
        assert await home(read, viewer, Page(limit=limit, max_id=at, since_id=every[7])) == middle[:limit]
        assert await home(read, viewer, Page(limit=limit, max_id=at, min_id=every[7])) == middle[-limit:]
