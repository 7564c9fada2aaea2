"""A stream ends when its token does, within two seconds, whatever happens between."""

import time
from unittest import mock

import psycopg
import pytest

from fedi.projections.announcements import CHANNEL, Announcement
from fedi.registry import kill, tokens
from fedi.streams import ears
from tests.streams.conftest import Place
from tests.streams.test_server_sent_events import listening as events
from tests.support import views
from tests.support.listening import Closed, Refused, until, websocket


async def _subscriptions(place: Place) -> int:
    """Return how often anybody has subscribed to anything. Who does so in vain is counted as a listener meanwhile."""
    counted = await place.server.parts.redis.info("commandstats")
    return int(counted["cmdstat_subscribe"]["calls"])


async def _newest(place: Place) -> int:
    """Return the id of the token that was made last."""
    row = await (await place.read.execute("SELECT max(id) FROM registry.tokens")).fetchone()
    assert row is not None
    return int(row[0])


async def test_revoking_a_token_ends_its_streams_and_no_others(place: Place) -> None:
    other = await place.token(place.ann, "read", "write")
    token = await place.token(place.ann)
    token_id = await _newest(place)
    async with (
        websocket(place.port, other, stream="user") as stays,
        websocket(place.port, token, stream="user") as goes,
        events(place, "/user", token) as goes_too,
    ):
        await goes.settled()
        begun = time.monotonic()
        await kill.kill_tokens(place.server.parts.redis, await tokens.revoke(place.read, [token_id]))
        with pytest.raises(Closed):
            await goes.hear()
        assert await goes_too.ended()
        assert time.monotonic() - begun < 2
        await stays.settled()


async def test_suspending_an_account_ends_all_its_streams(place: Place) -> None:
    tokens_of_two = [await place.token(place.ann), await place.token(place.ben)]
    async with websocket(place.port, tokens_of_two[0]) as ann, websocket(place.port, tokens_of_two[1]) as ben:
        await ann.settled()
        await kill.kill_account(place.server.parts.redis, place.ann)
        with pytest.raises(Closed):
            await ann.hear()
        await ben.settled()


async def test_a_token_that_ended_is_not_let_in_on_its_memory(place: Place) -> None:
    token = await place.token(place.ann)
    async with websocket(place.port, token) as listening:
        await listening.settled()
    await tokens.revoke(place.read, [await _newest(place)])
    with pytest.raises(Refused):
        async with websocket(place.port, token):
            pass


async def test_a_token_that_ended_while_redis_was_away_is_found_on_its_return(place: Place) -> None:
    token = await place.token(place.ann)
    async with websocket(place.port, token) as listening:
        await listening.settled()
        with mock.patch.object(ears, "PAUSE", 0.05):
            await tokens.revoke(place.read, [await _newest(place)])
            await place.server.parts.redis.client_kill_filter(_type="pubsub")
            with pytest.raises(Closed):
                await listening.hear()


@pytest.mark.parametrize("error", [psycopg.OperationalError, KeyError])
async def test_a_token_that_ended_is_found_also_if_that_fails_at_first(place: Place, error: type[Exception]) -> None:
    token = await place.token(place.ann)
    async with websocket(place.port, token) as listening:
        await listening.settled()
        await tokens.revoke(place.read, [await _newest(place)])
        failing = mock.AsyncMock(side_effect=[error, []])
        with mock.patch.object(tokens, "alive", failing), mock.patch.object(ears, "PAUSE", 0.05):
            await place.server.parts.redis.client_kill_filter(_type="pubsub")
            with pytest.raises(Closed):
                await listening.hear()
    assert failing.await_count == 2


async def test_streams_go_on_after_redis_was_away(place: Place) -> None:
    async with websocket(place.port, await place.token(place.ann), stream="user") as listening:
        await listening.settled()
        before = await _subscriptions(place)
        await place.server.parts.redis.client_kill_filter(_type="pubsub")
        await until(place.is_heard)
        assert await _subscriptions(place) == before + 1
        await place.announce(Announcement(event="delete", id=1, homes=(place.ann,)))
        assert (await listening.hear())["payload"] == "1"


async def test_what_cannot_be_understood_ends_nothing(place: Place) -> None:
    async with websocket(place.port, await place.token(place.ann), stream="user") as listening:
        await listening.settled()
        for channel in (CHANNEL, kill.CHANNEL):
            await place.server.parts.redis.publish(channel, b"{")
        await place.announce(Announcement(event="delete", id=1, homes=(place.ann,)))
        assert (await listening.hear())["payload"] == "1"


async def test_after_what_cannot_be_understood_it_is_read_anew_whom_people_want_to_be_spared(place: Place) -> None:
    first, second = [await views.status(place.read, place.ben) for _ in range(2)]
    async with websocket(place.port, await place.token(place.ann), stream="public") as listening:
        await listening.settled()
        await place.announce(Announcement(event="update", id=first, channels=("public",)))
        assert (await listening.told())[2]["id"] == str(first)
        await views.mute(place.read, place.ann, place.ben)
        await place.server.parts.redis.publish(CHANNEL, b'[{"event":"of_a_newer_program","id":0}]')
        await place.announce(Announcement(event="update", id=second, channels=("public",)))
        await place.announce(Announcement(event="delete", id=3, channels=("public",)))
        assert (await listening.hear())["payload"] == "3"


async def test_a_client_that_does_not_read_is_cut_off_and_holds_up_nobody(place: Place) -> None:
    post = await views.status(place.read, place.ben, "x" * 100_000)
    said = Announcement(event="update", id=post, homes=(place.ann, place.ben))
    slow_token, quick_token = await place.token(place.ann), await place.token(place.ben)
    async with (
        websocket(place.port, slow_token, stream="user") as slow,
        websocket(place.port, quick_token, stream="user") as quick,
    ):
        await slow.settled()
        await quick.settled()
        for _ in range(200):
            await place.announce(said)
            await quick.told()
            if len(place.server.hub.clients) == 1:
                break
        assert [client.account_id for client in place.server.hub.clients] == [place.ben]


async def test_the_end_of_the_server_is_said(place: Place) -> None:
    async with websocket(place.port, await place.token(place.ann)) as listening:
        await listening.settled()
        place.server.hub.dismiss()
        with pytest.raises(Closed) as closed:
            await listening.hear()
    assert closed.value.code == 1001
