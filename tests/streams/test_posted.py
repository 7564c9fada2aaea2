"""Whoever answered an author hands the post over: it is told as it would be read, without being read."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any
from unittest import mock

import msgspec
import pytest
from psycopg import AsyncConnection
from redis.asyncio import Redis

from fedi.projections.announcements import Announcement
from fedi.services.redis import open_redis
from fedi.settings import Settings
from fedi.streams import ahead, ears, posted
from fedi.streams.ahead import MOST, Ahead
from fedi.streams.posted import Handing, is_told_alike
from fedi.views import statuses
from fedi.views.statuses import Status
from tests.streams.conftest import Place
from tests.support import views
from tests.support.listening import serving, until, websocket

PUBLIC = ("public", "public:local")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slowly a test goes on, nothing is old meanwhile; and who listens to what is looked at often."""
    monkeypatch.setattr(ahead, "SECONDS", 600.0)
    monkeypatch.setattr(ears, "QUIET", 0.05)


@pytest.fixture
async def store(redis_url: str) -> AsyncIterator[Redis]:
    async with open_redis(redis_url) as redis:
        yield redis


@pytest.fixture
async def post(pg: AsyncConnection[Any]) -> Status:
    await views.create_views(pg)
    return (await statuses.load(pg, [await views.status(pg, await views.account(pg, "ann"))], None))[0]


def with_id(post: Status, number: int) -> Status:
    return msgspec.structs.replace(post, row=msgspec.structs.replace(post.row, id=number))


async def listened_to(redis: Redis) -> int:
    ((_, number),) = await redis.pubsub_numsub(posted.CHANNEL)
    return int(number)


async def test_what_was_handed_over_need_not_be_read_when_its_batch_comes(post: Status) -> None:
    known = Ahead()
    known.take(post)
    assert not known.known()  # its batch is still to come
    assert known.begin(frozenset({post.row.id, 5})) == {5}
    assert known.known() == {post.row.id: post}


@pytest.mark.parametrize("event", ["delete", "status.update", "accounts_masked", "aversions_changed", "missed"])
async def test_what_changes_with_its_batch_is_read(post: Status, event: Any) -> None:
    known = Ahead()
    known.take(post)
    known.hear(Announcement(event=event, id=post.row.id))
    assert known.begin(frozenset({post.row.id})) == {post.row.id}
    assert not known.known()


async def test_what_comes_after_its_batch_is_not_told(post: Status) -> None:
    known = Ahead()
    known.begin(frozenset({post.row.id}))
    known.take(post)
    assert not known.known()


async def test_what_is_old_is_read(post: Status, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "SECONDS", 0.0)
    known = Ahead()
    known.take(post)
    assert known.begin(frozenset({post.row.id})) == {post.row.id}


async def test_of_much_the_last_is_kept(post: Status) -> None:
    known = Ahead()
    for number in range(MOST + 1):
        known.take(with_id(post, number))
    assert known.begin(frozenset(range(MOST + 1))) == {0}


async def test_only_what_looks_the_same_to_all_is_handed_over(post: Status) -> None:
    row = msgspec.structs.replace
    assert is_told_alike(post)
    assert not is_told_alike(row(post, row=row(post.row, in_reply_to_id=1)))
    for visibility in ("unlisted", "private", "direct"):
        assert not is_told_alike(row(post, row=row(post.row, visibility=visibility)))


async def test_who_listens_at_home_is_told_what_another_process_handed_over(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    """The views say otherwise: so it is seen which of both is told."""
    redis = place.server.parts.redis
    assert await listened_to(redis) == 0
    there = await views.status(place.read, place.ben, content="read")
    found = (await statuses.load(place.read, [there], None))[0]
    handed = msgspec.structs.replace(found, row=msgspec.structs.replace(found.row, content="handed over"))
    async with websocket(place.port, await place.token(place.ann), stream="user") as ann:
        await until(lambda: _is_listened_to(redis, 1))
        await redis.publish(posted.CHANNEL, b"{}")  # a newer program says it otherwise
        await redis.publish(posted.CHANNEL, msgspec.json.encode(handed))
        await place.announce(Announcement(event="update", id=there, channels=PUBLIC))
        await place.announce(Announcement(event="update", id=there, homes=(place.ann,)))
        assert (await ann.told())[2]["content"] == "handed over"
        await place.announce(Announcement(event="status.update", id=there, homes=(place.ann,)))
        assert (await ann.told())[2]["content"] == "read"
    await until(lambda: _is_listened_to(redis, 0))
    assert "miss" not in caplog.text


async def test_a_process_that_hears_itself_is_not_one_more_that_heard(place: Place) -> None:
    there = await views.status(place.read, place.ben)
    found = (await statuses.load(place.read, [there], None))[0]
    with mock.patch.object(Handing, "hand_over") as handing:
        place.server.hub.posted(found)
        async with websocket(place.port, await place.token(place.ann), stream="user") as ann:
            await ann.settled()
            place.server.hub.posted(found)
    assert [each.kwargs["also_here"] for each in handing.mock_calls] == [False, True]


async def _is_listened_to(redis: Redis, number: int) -> bool:
    return await listened_to(redis) == number


async def test_one_process_hands_over_to_itself_and_to_another(place: Place, settings: Settings) -> None:
    there = await views.status(place.read, place.ben, content="handed over")
    found = (await statuses.load(place.read, [there], None))[0]
    await place.read.execute("UPDATE read.statuses SET content = 'read'")
    redis, token = place.server.parts.redis, await place.token(place.ann)
    async with (
        serving(settings) as other,
        websocket(place.port, token, stream="user") as here,
        websocket(other.port, token, stream="user") as elsewhere,
        _listening(redis) as heard,
    ):
        await until(lambda: _is_listened_to(redis, 3))
        place.server.hub.posted(found)
        await heard.get()
        await place.announce(Announcement(event="update", id=there, channels=PUBLIC))
        await place.announce(Announcement(event="update", id=there, homes=(place.ann,)))
        for each in (here, elsewhere):
            assert (await each.told())[2]["content"] == "handed over"


async def test_where_nobody_listens_at_home_nothing_is_kept_and_nothing_is_read_ahead(place: Place) -> None:
    there = await views.status(place.read, place.ben)
    found = (await statuses.load(place.read, [there], None))[0]
    with mock.patch.object(Ahead, "take") as keeping, mock.patch.object(Ahead, "read") as reading:
        async with websocket(place.port, await place.token(place.ann), stream="public") as ann:
            await ann.settled()
            place.server.hub.posted(found)
            await place.announce(Announcement(event="update", id=there, channels=PUBLIC))
            await place.announce(Announcement(event="delete", id=there, channels=PUBLIC))
            assert [(await ann.told())[1] for _ in range(2)] == ["update", "delete"]
    keeping.assert_not_called()
    reading.assert_not_called()


async def test_of_what_its_author_was_shown_only_what_all_see_alike_is_handed_over(place: Place) -> None:
    there = await views.status(place.read, place.ben)
    found = (await statuses.load(place.read, [there], None))[0]
    answer = msgspec.structs.replace(found, row=msgspec.structs.replace(found.row, in_reply_to_id=1))
    async with _listening(place.server.parts.redis) as heard:
        for each in (answer, found):
            place.server.hub.posted(each)
        assert (await heard.get()).row.in_reply_to_id is None


async def test_what_follows_closely_is_not_handed_over(
    post: Status, store: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posted, "CLOSE_SECONDS", 600.0)
    handing = Handing(store)
    async with _listening(store) as heard:
        for number in (1, 2):
            handing.hand_over(with_id(post, number), also_here=False)
        assert (await heard.get()).row.id == 1
        handing.hand_over(with_id(post, 3), also_here=False)
        await store.publish(posted.CHANNEL, msgspec.json.encode(with_id(post, 4)))
        assert (await heard.get()).row.id == 4
    assert not handing.is_due
    await handing.end()


async def test_where_nobody_else_listens_nothing_is_handed_over_for_a_while(
    post: Status, store: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posted, "CLOSE_SECONDS", 0.0)
    monkeypatch.setattr(posted, "ALONE_SECONDS", 600.0)
    handing = Handing(store)
    async with _listening(store) as heard:
        handing.hand_over(post, also_here=True)
        await heard.get()
    assert not handing.is_due
    handing = Handing(store)
    async with _listening(store) as heard, _listening(store) as also:
        handing.hand_over(post, also_here=True)
        await heard.get()
        await also.get()
        await until(lambda: _is_due(handing))
    await handing.end()


async def _is_due(handing: Handing) -> bool:
    return handing.is_due


@contextlib.asynccontextmanager
async def _listening(redis: Redis) -> AsyncIterator[asyncio.Queue[Status]]:
    """Listen as another process would."""
    heard = asyncio.Queue[Status]()

    async def listen() -> None:
        async for message in pubsub.listen():
            if message["type"] == "message":
                heard.put_nowait(posted.understood(message["data"]))

    async with redis.pubsub() as pubsub:
        await pubsub.subscribe(posted.CHANNEL)
        listening = asyncio.create_task(listen())
        yield heard
        listening.cancel()
        await asyncio.wait([listening])
