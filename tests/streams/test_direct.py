"""The stream of conversations, by WebSocket and as server-sent events."""

import json

from fedi.facts.statuses import MentionedAccount
from fedi.projections.announcements import Announcement
from tests.streams.conftest import Place
from tests.streams.test_server_sent_events import listening
from tests.support import views
from tests.support.listening import websocket
from tests.support.schemas import assert_valid


async def conversation(place: Place) -> tuple[int, Announcement]:
    """Let Ben tell Ann something; return what he said, and what the projector says of it."""
    named = MentionedAccount(uri="x", name="@ann", account_id=place.ann)
    post = await views.status(place.read, place.ben, visibility="direct", mentions=(named,))
    await views.insert(
        place.read,
        "conversations",
        id=post,
        account_id=place.ann,
        thread_id=post,
        participants=[place.ben],
        last_status_id=post,
        unread=True,
    )
    return post, Announcement(event="conversation", id=post, account=place.ann)


async def test_a_conversation_is_told_to_its_owner_alone(place: Place) -> None:
    post, said = await conversation(place)
    async with (
        websocket(place.port, await place.token(place.ann), stream="direct") as ann,
        websocket(place.port, await place.token(place.ben), stream="direct") as ben,
        websocket(place.port, await place.token(place.ann), stream="user") as home,
    ):
        for each in (ann, ben, home):
            await each.settled()
        await place.announce(said)
        stream, event, payload = await ann.told()
        assert (stream, event) == (["direct"], "conversation")
        assert_valid(payload, "Conversation")
        assert (payload["unread"], payload["last_status"]["id"]) == (True, str(post))
        assert [each["id"] for each in payload["accounts"]] == [str(place.ben)]
        assert payload["last_status"]["muted"] is False
        assert await ben.silent()
        assert await home.silent()


async def test_server_sent_events_have_it_too(place: Place) -> None:
    post, said = await conversation(place)
    async with listening(place, "/direct", await place.token(place.ann)) as stream:
        await place.announce(said)
        assert await stream.line() == "event: conversation"
        data = json.loads((await stream.line()).removeprefix("data: "))
        assert data["last_status"]["id"] == str(post)


async def test_what_its_owner_does_not_want_to_read_is_not_told(place: Place) -> None:
    _, said = await conversation(place)
    muted, quiet = await conversation(place)
    await views.insert(place.read, "thread_mutes", id=1, account_id=place.ann, thread_id=muted)
    async with websocket(place.port, await place.token(place.ann), stream="direct") as ann:
        await ann.settled()
        await place.announce(quiet)
        assert await ann.silent()
        await views.block(place.read, place.ann, place.ben)
        await place.announce(said)
        assert await ann.silent()
