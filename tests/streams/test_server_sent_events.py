"""Server-sent events: paths, headers, comments, events and errors."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import httpx
import pytest

from fedi.projections.announcements import Announcement
from fedi.settings import Settings
from tests.streams.conftest import Place
from tests.support import views
from tests.support.listening import PATIENCE_SECONDS, until


class Stream:
    """An open stream, read line by line."""

    def __init__(self, response: httpx.Response) -> None:
        self.headers = response.headers
        self._lines = response.aiter_lines()

    async def line(self) -> str:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await anext(self._lines)

    async def ended(self) -> bool:
        """Tell whether nothing more comes but comments and the end."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            return all([line.startswith(":") or not line async for line in self._lines])


@contextlib.asynccontextmanager
async def listening(place: Place, path: str, token: str, **query: str) -> AsyncIterator[Stream]:
    url = f"http://127.0.0.1:{place.port}/api/v1/streaming{path}"
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient() as http, http.stream("GET", url, params=query, headers=headers) as response:
        assert response.status_code == 200
        stream = Stream(response)
        assert await stream.line() == ":)"
        yield stream


async def test_a_stream_begins_with_a_smile_and_brings_events(place: Place) -> None:
    post = await views.status(place.read, place.ben)
    async with listening(place, "/user", await place.token(place.ann)) as stream:
        assert stream.headers["content-type"] == "text/event-stream"
        assert stream.headers["cache-control"] == "private, no-store"
        assert stream.headers["access-control-allow-origin"] == "*"
        assert stream.headers["x-request-id"]
        await place.announce(
            Announcement(event="update", id=post, homes=(place.ann,)),
            Announcement(event="delete", id=post, homes=(place.ann,)),
        )
        assert await stream.line() == "event: update"
        data = await stream.line()
        assert data.startswith('data: {"id":"' + str(post))
        assert [await stream.line() for _ in range(3)] == ["", "event: delete", f"data: {post}"]


async def test_each_path_brings_its_own_stream(place: Place) -> None:
    token = await place.token(place.ann)
    places = [
        ("/public", {}, "public"),
        ("/public", {"only_media": "true"}, "public:media"),
        ("/public/local", {}, "public:local"),
        ("/hashtag", {"tag": "Cats"}, "hashtag:cats"),
    ]
    for number, (path, query, channel) in enumerate(places):
        async with listening(place, path, token, **query) as stream:
            await place.announce(
                Announcement(event="delete", id=99, channels=("public:remote", "hashtag:local:cats")),
                Announcement(event="delete", id=number, channels=(channel,)),
            )
            assert [await stream.line(), await stream.line()] == ["event: delete", f"data: {number}"]


@pytest.mark.usefixtures("hurry")
async def test_silence_is_broken_by_heartbeats(place: Place) -> None:
    async with listening(place, "/user/notification", await place.token(place.ann)) as stream:
        assert [await stream.line() for _ in range(4)] == [":thump", "", ":thump", ""]


@pytest.mark.parametrize(
    ("path", "query", "status", "error"),
    [
        ("/user", {}, 401, "Missing access token"),
        ("/nothing", {}, 400, "Unknown channel requested"),
        ("/user", {"access_token": "x"}, 401, "Invalid access token"),
    ],
)
async def test_strangers_are_told_why(place: Place, path: str, query: dict[str, str], status: int, error: str) -> None:
    answer = await place.get(path, **query)
    assert (answer.status_code, answer.json()) == (status, {"error": error})
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("path", "query", "status", "error"),
    [
        ("/nothing", {}, 400, "Unknown channel requested"),
        ("/hashtag", {}, 400, "Missing tag name parameter"),
        ("/list", {}, 400, "Missing list name parameter"),
        ("/list", {"list": "12"}, 401, "Not authorized to stream this list"),
        ("/user/notification", {}, 401, "Access token does not have the required scopes"),
    ],
)
async def test_people_are_told_what_they_cannot_have(
    place: Place, path: str, query: dict[str, str], status: int, error: str
) -> None:
    answer = await place.get(path, await place.token(place.ann, "read:statuses"), **query)
    assert (answer.status_code, answer.json()) == (status, {"error": error})


async def test_health_is_said_without_a_token(place: Place) -> None:
    answer = await place.get("/health")
    assert (answer.status_code, answer.text) == (200, "OK")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["cache-control"] == "private, no-store"


async def test_there_is_nothing_at_the_bare_address(place: Place) -> None:
    assert (await place.get("")).status_code == 404


async def test_who_asks_the_web_host_is_led_to_the_one_that_streams(place: Place) -> None:
    """In these tests another host streams than the one of the web."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{place.port}") as http:
        answer = await http.get("/api/v1/streaming/user?x=1", headers={"Host": Settings().web_domain})
    assert answer.status_code == 301
    assert answer.headers["location"] == f"http://127.0.0.1:{place.port}/api/v1/streaming/user?x=1"


async def test_browsers_may_ask_from_anywhere(place: Place) -> None:
    async with httpx.AsyncClient() as http:
        answer = await http.options(f"http://127.0.0.1:{place.port}/api/v1/streaming/user")
    assert answer.status_code == 200
    assert "Authorization" in answer.headers["access-control-allow-headers"]


async def test_a_client_that_goes_is_forgotten(place: Place) -> None:
    async with listening(place, "/user", await place.token(place.ann)):
        assert len(place.server.hub.clients) == 1

    async def forgotten() -> bool:
        return not place.server.hub.clients

    await until(forgotten)
