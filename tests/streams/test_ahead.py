"""What is read ahead is told as it is, or not at all."""

from typing import Any

import pytest
from psycopg import AsyncConnection

from fedi import clock
from fedi.projections.announcements import Announcement, StreamEvent
from fedi.streams import ahead
from fedi.streams.ahead import MOST, Ahead, worth_reading
from fedi.streams.channels import Stream
from fedi.streams.knowledge import Audience, known_already
from fedi.streams.switchboard import Client, Listener
from tests.streams.conftest import Place
from tests.support import views
from tests.support.listening import websocket


@pytest.fixture(autouse=True)
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slowly a test goes on, what was read is not old meanwhile."""
    monkeypatch.setattr(ahead, "SECONDS", 600.0)


@pytest.fixture
async def read(pg: AsyncConnection[Any]) -> AsyncConnection[Any]:
    await views.create_views(pg)
    return pg


async def posted(read: AsyncConnection[Any]) -> tuple[Ahead, int]:
    post = await views.status(read, await views.account(read, "ann"))
    found = Ahead()
    await found.read(read, [post])
    assert set(found.known()) == {post}
    return found, post


@pytest.mark.parametrize("event", ["delete", "status.update", "accounts_masked", "aversions_changed", "missed"])
async def test_what_changes_is_forgotten(read: AsyncConnection[Any], event: StreamEvent) -> None:
    found, post = await posted(read)
    found.hear(Announcement(event=event, id=post))
    assert not found.known()


async def test_what_changes_otherwise_is_not(read: AsyncConnection[Any]) -> None:
    found, post = await posted(read)
    for event in ("delete", "status.update"):
        found.hear(Announcement(event=event, id=post + 1))
    found.hear(Announcement(event="update", id=post))
    assert set(found.known()) == {post}


async def test_it_is_not_told_when_it_is_old(read: AsyncConnection[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "SECONDS", 0.0)
    found = Ahead()
    await found.read(read, [await views.status(read, await views.account(read, "ann"))])
    assert not found.known()


async def test_what_quotes_is_read_when_it_is_told(read: AsyncConnection[Any]) -> None:
    ann = await views.account(read, "ann")
    quoting = await views.status(read, ann, quote_uri="https://example.com/1")
    row = {"status_id": quoting, "account_id": ann, "quoted_uri": "https://example.com/1", "quoted_id": None}
    await views.insert(read, "quotes", **row, quoted_account_id=None, state="pending", stamp="", gone=False)
    found = Ahead()
    await found.read(read, [quoting])
    assert not found.known()


def at_home(client: Client) -> Audience:
    return Audience.of([(7, Listener(client, Stream(label=("user",), channels=(7,))))])


async def test_what_was_read_ahead_is_told_at_home_without_looking_further(read: AsyncConnection[Any]) -> None:
    found, post = await posted(read)
    client = Client(token_id=1, account_id=7, scopes=(), in_messages=True)
    new, edit = Announcement(event="update", id=post), Announcement(event="status.update", id=post)
    known = known_already([(new, at_home(client))], found.known())
    assert known is not None
    assert [each.client for each in known.hearers(new, at_home(client), {}, clock.now())] == [client]
    listed = Audience.of([("list:3", Listener(client, Stream(label=("list", "3"), channels=("list:3",))))])
    for heard in ((edit, at_home(client)), (new, listed), (Announcement(event="update", id=post + 1), at_home(client))):
        assert known_already([(new, at_home(client)), heard], found.known()) is None


async def test_an_answer_may_look_different_to_some_and_is_looked_at(read: AsyncConnection[Any]) -> None:
    found, post = await posted(read)
    client = Client(token_id=1, account_id=7, scopes=(), in_messages=True)
    answer = await views.status(read, await views.account(read, "ben"), in_reply_to_id=post)
    await found.read(read, [answer])
    assert set(found.known()) == {post, answer}
    assert known_already([(Announcement(event="update", id=answer), at_home(client))], found.known()) is None


def test_what_comes_from_elsewhere_and_too_much_at_once_are_not_read() -> None:
    here = [Announcement(event="update", id=each, channels=("public", "public:local")) for each in range(MOST + 1)]
    there = Announcement(event="update", id=99, channels=("public", "public:remote"))
    edit = Announcement(event="status.update", id=98, channels=("public", "public:local"))
    assert worth_reading([*here[:MOST], there, edit]) == set(range(MOST))
    assert worth_reading(here) == frozenset()


async def test_who_has_it_at_home_is_told_what_was_read_ahead(place: Place) -> None:
    """The views say otherwise meanwhile, unannounced: so it is seen which of both is told."""
    channels = ("public", "public:local")
    posts = [await views.status(place.read, place.ben, content="before") for _ in range(2)]
    async with websocket(place.port, await place.token(place.ann), stream="user") as ann:
        await ann.settled()
        await place.announce(*(Announcement(event="update", id=post, channels=channels) for post in posts))
        await place.announce(Announcement(event="delete", id=1, homes=(place.ann,)))
        assert (await ann.hear())["event"] == "delete"
        await place.read.execute("UPDATE read.statuses SET content = 'after'")
        await place.announce(Announcement(event="status.update", id=posts[1]))
        await place.announce(*(Announcement(event="update", id=post, homes=(place.ann,)) for post in posts))
        assert [(await ann.told())[2]["content"] for _ in posts] == ["before", "after"]
