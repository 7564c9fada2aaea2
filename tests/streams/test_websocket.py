"""WebSockets: how they are opened, what clients say on them, and what they are told."""

import asyncio
from typing import Any

import pytest

from fedi.hypercorn_connections import configuration
from fedi.projections.announcements import Announcement
from fedi.settings import Settings
from tests.streams.conftest import Place
from tests.support import views
from tests.support.listening import PATH, Closed, Refused, serving, until, websocket


async def test_a_token_may_come_in_three_ways(place: Place) -> None:
    token = await place.token(place.ann)
    async with websocket(place.port, token) as listening:
        await listening.settled()
    async with websocket(place.port, headers={"Authorization": f"Bearer {token}"}) as listening:
        await listening.settled()
    async with websocket(place.port, protocols=(token, "more")) as listening:
        assert listening.accepted.subprotocol == token
        assert any(name == b"x-request-id" for name, _ in listening.accepted.extra_headers)
        await listening.settled()


async def test_authorization_wins_over_the_query(place: Place) -> None:
    with pytest.raises(Refused):
        async with websocket(
            place.port, await place.token(place.ann), headers={"Authorization": "Bearer nonsense"}
        ) as listening:
            await listening.settled()


@pytest.mark.parametrize(("token", "reason"), [(None, "Missing access token"), ("nonsense", "Invalid access token")])
async def test_a_refused_upgrade_gives_its_reason_in_a_header(place: Place, token: str | None, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        async with websocket(place.port, token):
            pass
    assert refused.value.status == 401
    assert refused.value.headers["x-error-message"] == reason
    assert refused.value.headers["content-type"] == "text/plain"
    assert refused.value.headers["connection"] == "close"


async def test_whoever_may_do_nothing_may_not_listen(place: Place) -> None:
    token = await place.token(place.ann)
    await place.read.execute("UPDATE read.accounts SET suspended = true WHERE id = %s", [place.ann])
    with pytest.raises(Refused):
        async with websocket(place.port, token):
            pass
    await place.read.execute("UPDATE registry.users SET disabled = true WHERE account_id = %s", [place.ben])
    with pytest.raises(Refused):
        async with websocket(place.port, await place.token(place.ben)):
            pass


async def test_any_path_opens_a_websocket(place: Place) -> None:
    token = await place.token(place.ann)
    for path in (f"{PATH}/", f"{PATH}/user", "/"):
        async with websocket(place.port, token, path=path) as listening:
            await listening.settled()


async def test_the_query_subscribes_at_once_and_messages_come_and_go(place: Place) -> None:
    post = await views.status(place.read, place.ben, tags=["cats"])
    said = Announcement(event="update", id=post, channels=("public", "hashtag:cats"), homes=(place.ann,))
    async with websocket(place.port, await place.token(place.ann), stream="user") as listening:
        listening.say(type="subscribe", stream=["public", "ignored"])
        listening.say(type="subscribe", stream="hashtag", tag="Cats")
        listening.say(type="subscribe", stream="hashtag", tag="cats")
        await listening.settled()
        await place.announce(said)
        streams = [(await listening.told())[0] for _ in range(3)]
        assert sorted(streams) == [["hashtag", "Cats"], ["public"], ["user"]]
        listening.say(type="unsubscribe", stream="hashtag", tag="CATS")
        listening.say(type="unsubscribe", stream="public")
        await listening.settled()
        await place.announce(said)
        stream, event, payload = await listening.told()
        assert (stream, event, payload["id"]) == (["user"], "update", str(post))
        assert await listening.silent()


async def test_an_update_is_the_status_as_rest_shows_it(place: Place) -> None:
    post = await views.status(place.read, place.ben, "<p>Hello</p>")
    async with websocket(place.port, await place.token(place.ann), stream="user") as listening:
        await listening.settled()
        await place.announce(Announcement(event="update", id=post, homes=(place.ann,)))
        _, _, payload = await listening.told()
    assert payload["content"] == "<p>Hello</p>"
    assert payload["account"]["username"] == "ben"
    assert payload["favourited"] is False
    assert "pinned" not in payload


async def test_everybody_sees_what_they_did_themselves(place: Place) -> None:
    post = await views.status(place.read, place.ben)
    boost = await views.boost(place.read, place.zoe, post, boost_of_account_id=place.ben)
    await views.favourite(place.read, place.ann, post)
    tokens = [await place.token(place.ann), await place.token(place.ben)]
    async with (
        websocket(place.port, tokens[0], stream="user") as ann,
        websocket(place.port, tokens[1], stream="user") as ben,
    ):
        await asyncio.gather(ann.settled(), ben.settled())
        await place.announce(
            Announcement(event="status.update", id=post, homes=(place.ann, place.ben)),
            Announcement(event="update", id=boost, homes=(place.ann, place.ben)),
        )
        edits = [(await ann.told())[2], (await ben.told())[2]]
        boosts = [(await ann.told())[2], (await ben.told())[2]]
    assert [edit["favourited"] for edit in edits] == [True, False]
    assert [boost["favourited"] for boost in boosts] == [True, False]
    assert ["pinned" in edit for edit in edits] == [False, True]
    assert ["pinned" in boost["reblog"] for boost in boosts] == [False, True]


async def test_a_deletion_is_a_bare_id(place: Place) -> None:
    async with websocket(place.port, await place.token(place.ann), stream="user") as listening:
        await listening.settled()
        await place.announce(Announcement(event="delete", id=110, homes=(place.ann,), account=place.ben))
        assert await listening.hear() == {"stream": ["user"], "event": "delete", "payload": "110"}


async def test_what_is_gone_before_it_is_told_is_not_told(place: Place) -> None:
    async with websocket(place.port, await place.token(place.ann), stream="user") as listening:
        await listening.settled()
        await place.announce(
            Announcement(event="update", id=4711, homes=(place.ann,)),
            Announcement(event="delete", id=4712, homes=(place.ann,)),
        )
        assert (await listening.told())[1] == "delete"


@pytest.mark.parametrize(
    ("asked", "error", "status"),
    [
        ({"stream": "hashtag"}, "Missing tag name parameter", 400),
        ({"stream": "hashtag", "tag": "!"}, "Missing tag name parameter", 400),
        ({"stream": "list"}, "Missing list name parameter", 400),
        ({"stream": "list", "list": "99"}, "Not authorized to stream this list", 401),
        ({"stream": "list", "list": "x"}, "Not authorized to stream this list", 401),
        ({"stream": "hashtag:media", "tag": "x"}, "Unknown stream type", 400),
        ({}, "Unknown stream type", 400),
    ],
)
async def test_what_cannot_be_had_is_said_on_the_open_socket(
    place: Place, asked: dict[str, str], error: str, status: int
) -> None:
    async with websocket(place.port, await place.token(place.ann)) as listening:
        listening.say(type="subscribe", **asked)
        assert await listening.hear() == {"error": error, "status": status}
        listening.say(type="unsubscribe", stream="nonsense")
        assert await listening.hear() == {"error": "Error unsubscribing from channel"}


async def test_messages_that_mean_nothing_are_passed_over(place: Place) -> None:
    async with websocket(place.port, await place.token(place.ann)) as listening:
        for text in ("{", "[]", '"x"', '{"type":"dance"}', '{"type":7,"stream":{}}'):
            listening.write(text)
        await listening.settled()


async def test_binary_messages_close_the_socket(place: Place) -> None:
    async with websocket(place.port, await place.token(place.ann)) as listening:
        listening.write(b"x")
        with pytest.raises(Closed) as closed:
            await listening.hear()
    assert closed.value.code == 1003


async def test_one_socket_listens_to_so_many_streams_only(place: Place) -> None:
    async with websocket(place.port, await place.token(place.ann)) as listening:
        for number in range(101):
            listening.say(type="subscribe", stream="hashtag", tag=f"t{number}")
        assert await listening.hear() == {"error": "Too many streams", "status": 400}


async def test_nothing_is_compressed(place: Place) -> None:
    async with websocket(place.port, await place.token(place.ann), compressed=True) as listening:
        assert listening.accepted.extensions == []
        await listening.settled()


@pytest.fixture
def frequent_pings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(configuration, "PING_SECONDS", 1.5)


@pytest.mark.usefixtures("frequent_pings")
async def test_who_answers_pings_stays_and_who_does_not_is_given_up(settings: Settings, pg: Any) -> None:
    async with serving(settings) as server:
        place = Place(server, pg)
        await place.settle()
        token = await place.token(place.ann)
        async with websocket(place.port, token) as listening, websocket(place.port, token) as deaf:

            async def alone() -> bool:
                await listening.settled()
                return len(server.hub.clients) == 1

            await until(alone)
            assert await listening.silent(2.0)
            assert listening.pings > 1
            assert deaf.pings == 0
            await listening.settled()
