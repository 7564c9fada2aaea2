"""Nobody hears by a stream what they may not see (S-098, S-128)."""

import asyncio
import contextlib
import itertools
from typing import Any

import pytest

from fedi.facts.statuses import MentionedAccount
from fedi.projections.announcements import Announcement
from fedi.views import statuses, timelines
from fedi.views.pages import Page
from tests.streams.conftest import Place
from tests.support import views
from tests.support.listening import Listening, websocket
from tests.support.people import somebody

STREAMS = ("user", "user:notification", "public", "public:local", "public:remote", "hashtag", "list")


@pytest.mark.parametrize("scopes", [("profile",), ("push",), ("write",), ("read:accounts", "read:lists")])
async def test_s_098_a_token_without_the_scope_hears_nothing(place: Place, scopes: tuple[str, ...]) -> None:
    async with websocket(place.port, await place.token(place.ann, *scopes), stream="public") as listening:
        for stream in STREAMS[1:]:
            listening.say(type="subscribe", stream=stream, tag="x", list="1")
        for _ in STREAMS:
            assert await listening.hear() == {
                "error": "Access token does not have the required scopes",
                "status": 401,
            }
        await place.announce(Announcement(event="delete", id=1, homes=(place.ann,), channels=("public", "list:1")))
        assert await listening.silent()


async def test_notifications_flow_with_their_scope_only(place: Place) -> None:
    post = await views.status(place.read, place.ben)
    for number in (1, 2):
        await _notification(place, number, place.ben, place.zoe, "favourite", post)
    said = [Announcement(event="notification", id=number, account=place.ben) for number in (1, 2)]
    narrow = await place.token(place.ben, "read:statuses")
    wide = await place.token(place.ben, "read:statuses", "read:notifications")
    async with (
        websocket(place.port, narrow, stream="user") as without,
        websocket(place.port, wide, stream="user") as with_them,
    ):
        await asyncio.gather(without.settled(), with_them.settled())
        await place.announce(*said)
        told = [await with_them.told() for _ in said]
        assert [(stream, event, payload["id"]) for stream, event, payload in told] == [
            (["user"], "notification", "1"),
            (["user"], "notification", "2"),
        ]
        assert told[0][2]["type"] == "favourite"
        assert told[0][2]["account"]["acct"] == "zoe@zoe.example"
        assert told[0][2]["status"]["id"] == str(post)
        assert told[0][2]["status"]["pinned"] is False
        assert await without.silent()


async def test_notifications_from_people_that_are_muted_are_not_told(place: Place) -> None:
    await _notification(place, 1, place.ben, place.zoe, "follow", None)
    await _notification(place, 2, place.ben, place.ann, "follow", None)
    await views.mute(place.read, place.ben, place.zoe)
    async with websocket(place.port, await place.token(place.ben), stream="user:notification") as listening:
        await listening.settled()
        await place.announce(
            *(Announcement(event="notification", id=number, account=place.ben) for number in (1, 2, 3))
        )
        assert (await listening.told())[2]["id"] == "2"
        assert await listening.silent()


async def test_a_list_is_told_to_its_owner_as_rest_shows_it(place: Place) -> None:
    await _list(place, 7, place.ann, place.zoe, place.ben)
    followed = await views.status(place.read, place.zoe)
    private = await views.status(place.read, place.ben, visibility="private")
    direct = await views.status(place.read, place.ben, visibility="direct")
    answer = await views.status(place.read, place.zoe, in_reply_to_id=9, in_reply_to_uri="x", in_reply_to_account_id=9)
    posts = [followed, private, direct, answer]
    shown = await timelines.of_list(place.read, 7, place.ann, Page(limit=40))
    assert set(shown) == {followed, private}
    with pytest.raises(AssertionError):
        async with websocket(place.port, await place.token(place.ben), stream="list", list="7") as stranger:
            await stranger.settled()
    async with websocket(place.port, await place.token(place.ann), stream="list", list="7") as owner:
        await owner.settled()
        await place.announce(*(Announcement(event="update", id=post, channels=("list:7",)) for post in posts))
        told = [await owner.told() for _ in shown]
        assert [(stream, int(payload["id"])) for stream, _, payload in told] == [
            (["list", "7"], followed),
            (["list", "7"], private),
        ]
        assert await owner.silent()


async def test_s_128_streams_show_what_the_timelines_show(place: Place) -> None:
    """Eight readers who stand differently to the author; whatever is announced, each hears what REST would show."""
    readers = await _readers(place)
    posts = [
        await views.status(
            place.read,
            place.zoe,
            visibility=visibility,
            local=False,
            tags=["cats"],
            mentions=(MentionedAccount(uri="m", name="m", account_id=readers["mentioned"]),) if mention else (),
        )
        for visibility, mention in itertools.product(("public", "unlisted", "private", "direct"), (False, True))
    ]
    by_ben = await views.status(place.read, place.ben)
    async with contextlib.AsyncExitStack() as stack:
        sockets: dict[str, Listening] = {}
        for name, account in readers.items():
            token = await place.token(account)
            sockets[name] = await stack.enter_async_context(websocket(place.port, token, stream="public"))
            sockets[name].say(type="subscribe", stream="hashtag", tag="cats")
        await asyncio.gather(*(each.settled() for each in sockets.values()))
        channels = ("public", "hashtag:cats")
        await place.announce(
            *(Announcement(event="update", id=post, channels=channels) for post in posts),
            *(Announcement(event="status.update", id=post, channels=channels) for post in posts),
            Announcement(event="update", id=by_ben, channels=("public",)),
            Announcement(event="delete", id=1, channels=("public",)),
        )
        for name, account in readers.items():
            told = await _until_deletion(sockets[name])
            expected = {*await timelines.public(place.read, account, Page(limit=40))}
            assert told["public"] & {*posts[:2], by_ben} == expected, name
            assert told["public"] <= {*await _visible(place, [*posts, by_ben], account)}, name
            assert told["hashtag"] == told["public"] - {by_ben}, name


async def _until_deletion(listening: Listening) -> dict[str, set[int]]:
    told: dict[str, set[int]] = {"public": set(), "hashtag": set()}
    while True:
        stream, event, payload = await listening.told()
        if event == "delete":
            return told
        told[stream[0]].add(int(payload["id"]))


async def _visible(place: Place, posts: list[int], viewer: int) -> list[int]:
    return [each.row.id for each in await statuses.load_visible(place.read, posts, viewer)]


async def _readers(place: Place) -> dict[str, int]:
    names = ("stranger", "follower", "mentioned", "blocked", "blocking", "muting", "asking", "both")
    readers = {}
    for name in names:
        readers[name] = account = await views.account(place.read, name)
        place.users[account] = await somebody(place.read, account_id=account, username=name)
    await views.follow(place.read, readers["follower"], place.zoe)
    await views.follow(place.read, readers["asking"], place.zoe, accepted=False)
    await views.block(place.read, place.zoe, readers["blocked"])
    await views.block(place.read, readers["blocking"], place.zoe)
    await views.mute(place.read, readers["muting"], place.zoe)
    await views.follow(place.read, readers["both"], place.zoe)
    await views.mute(place.read, readers["both"], place.ben)
    return readers


async def _notification(place: Place, number: int, account: int, sender: int, kind: str, status: int | None) -> None:
    await views.insert(
        place.read,
        "notifications",
        id=number,
        account_id=account,
        type=kind,
        from_account_id=sender,
        status_id=status,
        created_at=views.moment(number),
        group_key=f"ungrouped-{number}",
    )


async def _list(place: Place, number: int, owner: int, *members: int) -> None:
    row: dict[str, Any] = {"id": number, "account_id": owner, "title": "x", "replies_policy": "list"}
    await views.insert(place.read, "lists", exclusive=False, **row)
    for member in members:
        await views.insert(place.read, "list_accounts", id=member, list_id=number, account_id=member)
