"""From what people say to what others hear: the real API, log, projector and sockets."""

import asyncio
import functools
import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
import mastodon
import pytest

from fedi.app import web_app
from fedi.commands import accounts
from fedi.commands.accounts import SignUp
from fedi.projections.rebuild import rebuild
from fedi.registry import tokens
from fedi.settings import Settings
from fedi.streams.ahead import Ahead
from tests.support.listening import Closed, Server, serving, until, websocket
from tests.support.projector import projecting

_NUMBERS = itertools.count(1)
_key_pair = functools.cache(accounts.new_key_pair)


class Person:
    """Somebody with an app."""

    def __init__(self, server: Server, account_id: int, token: str) -> None:
        self.id = account_id
        self.token = token
        headers = {"Authorization": f"Bearer {token}"}
        self.http = httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}", headers=headers)

    async def ask(self, method: str, path: str, **body: Any) -> Any:
        answer = await self.http.request(method, f"/api/v1/{path}", json=body or None)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture(scope="module")
def projector(database_url: str, redis_url: str) -> Iterator[None]:
    with projecting(database_url, redis_url, Settings().site):
        yield


@pytest.fixture
async def server(database_url: str, redis_url: str, tmp_path: Path, projector: None) -> AsyncIterator[Server]:
    settings = Settings(database_url=database_url, redis_url=redis_url, data_dir=tmp_path)
    async with serving(settings, web_app) as server:
        yield server


@pytest.fixture
async def people(server: Server) -> AsyncIterator[list[Person]]:
    """Two people of whom the second follows the first."""
    people = [await _person(server, name) for name in ("author", "reader")]
    author, reader = people
    await reader.ask("POST", f"accounts/{author.id}/follow")
    yield people
    for person in people:
        await person.http.aclose()


async def _person(server: Server, name: str) -> Person:
    name += str(next(_NUMBERS))
    wish = SignUp(username=name, email=f"{name}@example.com", password="correct horse", agreement=True)
    with mock.patch.object(accounts, "new_key_pair", _key_pair):
        signed_up = await accounts.sign_up(server.parts.commands, wish)
    assert signed_up.position is not None
    assert await server.parts.progress.wait_for(signed_up.position, 10)
    scopes = ("read", "write", "follow")
    async with server.parts.pool.connection() as connection:
        issued = await tokens.issue(connection, "key", app_id=None, user_id=signed_up.user.id, scopes=scopes)
    return Person(server, signed_up.user.account_id, issued.secret)


async def test_what_is_said_is_heard(server: Server, people: list[Person]) -> None:
    author, reader = people
    async with (
        websocket(server.port, reader.token, stream="user") as home,
        websocket(server.port, author.token, stream="user:notification") as notified,
        websocket(server.port, author.token, stream="hashtag", tag="Cats") as tag,
    ):
        for listening in (home, notified, tag):
            await listening.settled()
        post = await author.ask("POST", "statuses", status="Look: #cats", visibility="public")
        assert await _heard(home) == (["user"], "update", post["id"])
        assert await _heard(tag) == (["hashtag", "Cats"], "update", post["id"])
        await reader.ask("POST", f"statuses/{post['id']}/favourite")
        stream, event, told = await notified.told()
        assert (stream, event, told["type"]) == (["user:notification"], "notification", "favourite")
        assert told["status"]["favourites_count"] == 1
        await author.ask("PUT", f"statuses/{post['id']}", status="Look again: #cats")
        stream, event, told = await home.told()
        assert (stream, event, told["id"], told["favourited"]) == (["user"], "status.update", post["id"], True)
        assert "again" in told["content"]
        assert await _heard(tag) == (["hashtag", "Cats"], "status.update", post["id"])
        await author.ask("DELETE", f"statuses/{post['id']}")
        assert await home.hear() == {"stream": ["user"], "event": "delete", "payload": post["id"]}
        assert (await tag.hear())["event"] == "delete"


async def test_who_has_a_post_at_home_is_told_what_its_author_was_shown(server: Server, people: list[Person]) -> None:
    """Nobody reads it meanwhile: it is handed over."""
    author, reader = people
    with mock.patch.object(Ahead, "read", side_effect=AssertionError("it was read")) as reading:
        async with websocket(server.port, reader.token, stream="user") as home:
            await home.settled()
            post = await author.ask("POST", "statuses", status="Look", visibility="public")
            _, event, told = await home.told()
        assert (event, told["id"], told["content"]) == ("update", post["id"], post["content"])
        assert told["account"] == post["account"]
    reading.assert_not_called()


async def test_what_strangers_cause_is_heard_of_once_it_is_let_through(server: Server, people: list[Person]) -> None:
    author, reader = people
    name = (await author.ask("GET", "accounts/verify_credentials"))["username"]
    async with websocket(server.port, author.token, stream="user:notification") as notified:
        await notified.settled()
        await reader.ask("POST", "statuses", status=f"@{name} psst", visibility="direct")
        await until(
            lambda: _is_asked(author)
        )  # who is written to has not written: nobody makes them wait for the views
        await author.ask("POST", f"notifications/requests/{reader.id}/accept")
        merged = {"stream": ["user:notification"], "event": "notifications_merged", "payload": "1"}
        assert await notified.hear() == merged
        await reader.ask("POST", "statuses", status=f"@{name} again", visibility="direct")
        assert (await notified.told())[1] == "notification"


async def test_a_list_hears_of_its_members(server: Server, people: list[Person]) -> None:
    author, reader = people
    made = await reader.ask("POST", "lists", title="Friends")
    await reader.ask("POST", f"lists/{made['id']}/accounts", account_ids=[str(author.id)])
    async with websocket(server.port, reader.token, stream="list", list=made["id"]) as listening:
        await listening.settled()
        post = await author.ask("POST", "statuses", status="For friends", visibility="private")
        label = ["list", made["id"]]
        assert await _heard(listening) == (label, "update", post["id"])
        await author.ask("PUT", f"statuses/{post['id']}", status="For good friends")
        assert await _heard(listening) == (label, "status.update", post["id"])
        await author.ask("DELETE", f"statuses/{post['id']}")
        assert await listening.hear() == {"stream": label, "event": "delete", "payload": post["id"]}


async def test_what_an_exclusive_list_shows_is_not_heard_at_home(server: Server, people: list[Person]) -> None:
    author, reader = people
    made = await reader.ask("POST", "lists", title="Apart", exclusive=True)
    await reader.ask("POST", f"lists/{made['id']}/accounts", account_ids=[str(author.id)])
    async with (
        websocket(server.port, reader.token, stream="list", list=made["id"]) as listed,
        websocket(server.port, reader.token, stream="user") as home,
    ):
        await listed.settled()
        await home.settled()
        post = await author.ask("POST", "statuses", status="Apart")
        assert await _heard(listed) == (["list", made["id"]], "update", post["id"])
        assert await home.silent()


async def test_a_conversation_is_heard_by_who_takes_part(server: Server, people: list[Person]) -> None:
    author, reader = people
    name = (await reader.ask("GET", "accounts/verify_credentials"))["username"]
    async with websocket(server.port, reader.token, stream="direct") as listening:
        await listening.settled()
        post = await author.ask("POST", "statuses", status=f"@{name} hello", visibility="direct")
        stream, event, told = await listening.told()
        assert (stream, event, told["last_status"]["id"]) == (["direct"], "conversation", post["id"])
        await reader.ask("POST", f"conversations/{told['id']}/read")
        assert (await listening.told())[2]["unread"] is False
        await reader.ask("POST", f"statuses/{post['id']}/mute")
        await author.ask("POST", "statuses", status=f"@{name} more", visibility="direct", in_reply_to_id=post["id"])
        assert await listening.silent()


async def test_what_a_stranger_says_alone_is_heard_once_they_are_let_through(
    server: Server, people: list[Person]
) -> None:
    _, reader = people
    stranger, name = (
        await _person(server, "knocking"),
        (await reader.ask("GET", "accounts/verify_credentials"))["username"],
    )
    async with websocket(server.port, reader.token, stream="direct") as listening:
        await listening.settled()
        post = await stranger.ask("POST", "statuses", status=f"@{name} hello", visibility="direct")
        assert await listening.silent()
        (request,) = await reader.ask("GET", "notifications/requests")
        await reader.ask("POST", f"notifications/requests/{request['id']}/accept")
        stream, event, told = await listening.told()
        assert (stream, event, told["last_status"]["id"]) == (["direct"], "conversation", post["id"])
    await stranger.http.aclose()


async def test_what_is_said_to_others_is_not_heard(server: Server, people: list[Person]) -> None:
    author, _ = people
    stranger = await _person(server, "stranger")
    async with websocket(server.port, stranger.token, stream="user") as listening:
        for stream in ("public", "public:local"):
            listening.say(type="subscribe", stream=stream)
        listening.say(type="subscribe", stream="hashtag", tag="secret")
        await listening.settled()
        for visibility in ("private", "direct", "unlisted"):
            post = await author.ask("POST", "statuses", status="A #secret", visibility=visibility)
            await author.ask("PUT", f"statuses/{post['id']}", status="Another #secret")
            await author.ask("DELETE", f"statuses/{post['id']}")
        said = await author.ask("POST", "statuses", status="The end", visibility="public")
        assert {(await _heard(listening))[2] for _ in range(2)} == {said["id"]}
    await stranger.http.aclose()


async def test_folding_again_tells_nobody(server: Server, people: list[Person], database_url: str) -> None:
    author, reader = people
    async with websocket(server.port, reader.token, stream="user") as listening:
        listening.say(type="subscribe", stream="public")
        await listening.settled()
        said = await author.ask("POST", "statuses", status="Old news")
        assert {(await _heard(listening))[2] for _ in range(2)} == {said["id"]}
        await asyncio.to_thread(rebuild, database_url)
        assert await listening.silent()


async def test_signing_out_ends_the_stream(server: Server, people: list[Person]) -> None:
    _, reader = people
    async with websocket(server.port, reader.token, stream="user") as listening:
        await listening.settled()
        await reader.http.post("/oauth/revoke", data={"token": reader.token})
        with pytest.raises(Closed):
            async with asyncio.timeout(2):
                await listening.hear()


@pytest.mark.usefixtures("hurry")
async def test_mastodon_py_listens(server: Server, people: list[Person]) -> None:
    author, reader = people
    heard: asyncio.Queue[Any] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    class Listener(mastodon.StreamListener):
        def on_update(self, status: Any) -> None:
            loop.call_soon_threadsafe(heard.put_nowait, status)

    def listen() -> Any:
        url = f"http://127.0.0.1:{server.port}"
        app = mastodon.Mastodon(api_base_url=url, access_token=reader.token, version_check_mode="none")
        assert app.stream_healthy()
        return app.stream_user(Listener(), run_async=True)

    async def is_listened_to() -> bool:
        return bool(server.hub.clients)

    handle = await asyncio.to_thread(listen)
    await until(is_listened_to)
    post = await author.ask("POST", "statuses", status="Hello, Python")
    async with asyncio.timeout(5):
        status = await heard.get()
    await asyncio.to_thread(handle.close)
    assert (str(status.id), status.account.acct) == (post["id"], post["account"]["acct"])


async def _heard(listening: Any) -> tuple[list[str], str, str]:
    stream, event, payload = await listening.told()
    return stream, event, payload["id"]


async def _is_asked(somebody: Person) -> bool:
    return bool(await somebody.ask("GET", "notifications/requests"))
