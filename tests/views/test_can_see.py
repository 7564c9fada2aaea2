"""Every visibility before every viewer: the function, the condition in SQL and a table written by hand agree."""

from typing import get_args

import msgspec
import pytest

from fedi.descriptions import Visibility
from fedi.facts.statuses import MentionedAccount
from fedi.may_see import Standing, may_see
from fedi.views.can_see import can_see
from tests.support.views import Connection, account, block, boost, follow, status

VIEWERS: dict[str, Standing] = {
    "stranger": Standing(),
    "author": Standing(author=True),
    "follower": Standing(follower=True),
    "mentioned": Standing(mentioned=True),
    "blocked": Standing(blocked=True),
    "blocked follower": Standing(follower=True, blocked=True),
    "blocked mentioned": Standing(mentioned=True, blocked=True),
    "mentioned follower": Standing(follower=True, mentioned=True),
    "blocked mentioned follower": Standing(follower=True, mentioned=True, blocked=True),
}
NAMED = {"mentioned", "mentioned follower", "blocked mentioned", "blocked mentioned follower"}
EXPECTED: dict[Visibility, set[str]] = {
    "public": {"stranger", "author", "follower", "mentioned", "mentioned follower"},
    "unlisted": {"stranger", "author", "follower", "mentioned", "mentioned follower"},
    "private": {"author", "follower"} | NAMED,
    "direct": {"author"} | NAMED,
}
MATRIX = [(visibility, viewer) for visibility in get_args(Visibility) for viewer in VIEWERS]


async def people(connection: Connection, *, suspended: bool = False) -> tuple[int, dict[str, int]]:
    author = await account(connection, "author", suspended=suspended)
    viewers = {"author": author}
    for name, standing in VIEWERS.items():
        if name == "author":
            continue
        viewers[name] = await account(connection, name.replace(" ", "_"), "remote.example")
        if standing.follower:
            await follow(connection, viewers[name], author)
        if standing.blocked:
            await block(connection, author, viewers[name])
    return author, viewers


def named(viewers: dict[str, int]) -> tuple[MentionedAccount, ...]:
    return tuple(
        MentionedAccount(uri=name, name=name, account_id=viewers[name])
        for name, standing in VIEWERS.items()
        if standing.mentioned
    )


@pytest.mark.parametrize(("visibility", "viewer"), MATRIX)
def test_function_follows_the_table(visibility: Visibility, viewer: str) -> None:
    assert may_see(visibility, VIEWERS[viewer]) == (viewer in EXPECTED[visibility])


@pytest.mark.parametrize("visibility", get_args(Visibility))
async def test_condition_follows_the_table(read: Connection, visibility: Visibility) -> None:
    author, viewers = await people(read)
    post = await status(read, author, visibility=visibility, mentions=named(viewers))
    seen = {name for name, viewer in viewers.items() if await can_see(read, post, viewer)}
    assert seen == EXPECTED[visibility]
    assert await can_see(read, post, None) == ("stranger" in EXPECTED[visibility])


@pytest.mark.parametrize("visibility", get_args(Visibility))
async def test_boost_is_seen_by_whoever_may_see_its_original(read: Connection, visibility: Visibility) -> None:
    author, viewers = await people(read)
    post = await status(read, author, visibility=visibility, mentions=named(viewers))
    booster = await account(read, "booster")
    again = await boost(read, booster, post, visibility="public")
    seen = {name for name, viewer in viewers.items() if await can_see(read, again, viewer)}
    assert seen == EXPECTED[visibility]


async def test_private_boost_of_a_public_post_is_for_followers(read: Connection) -> None:
    author, viewers = await people(read)
    original = await status(read, await account(read, "other"))
    again = await boost(read, author, original, visibility="private")
    assert {name for name, viewer in viewers.items() if await can_see(read, again, viewer)} == {
        "author",
        "follower",
        "mentioned follower",
    }


@pytest.mark.parametrize("visibility", get_args(Visibility))
async def test_nobody_sees_the_suspended(read: Connection, visibility: Visibility) -> None:
    author, viewers = await people(read, suspended=True)
    post = await status(read, author, visibility=visibility, mentions=named(viewers))
    again = await boost(read, await account(read, "booster"), post)
    assert [name for name, viewer in viewers.items() if await can_see(read, post, viewer)] == []
    assert [name for name, viewer in viewers.items() if await can_see(read, again, viewer)] == []
    for standing in VIEWERS.values():
        assert not may_see(visibility, msgspec.structs.replace(standing, suspended=True))


async def test_s_118_requested_follow_opens_nothing(read: Connection) -> None:
    author, asker = await account(read, "author"), await account(read, "asker")
    await follow(read, asker, author, accepted=False)
    assert not await can_see(read, await status(read, author, visibility="private"), asker)


async def test_blocking_an_author_hides_nothing_that_one_may_see(read: Connection) -> None:
    author, viewer = await account(read, "author"), await account(read, "viewer")
    await block(read, viewer, author)
    assert await can_see(read, await status(read, author), viewer)


async def test_what_does_not_exist_is_not_seen(read: Connection) -> None:
    assert not await can_see(read, 1, None)
