"""Who asks whether they may favourite, answer or boost is answered, and may show the answer to everybody."""

from typing import Any

import msgspec
import pytest
from starlette.routing import BaseRoute

from fedi.activitypub.server.edge import Edge
from fedi.activitypub.server.routes import routes as routes_of
from fedi.clock import now
from fedi.effects.answer import Answer
from fedi.effects.deliver import Deliver
from fedi.events.activities import ActivityPublished
from tests.support.direct import get
from tests.support.fake_actor import FakeActor
from tests.support.fake_remote import FakeRemote
from tests.support.here import SITE, Here, Person

KINDS = {
    "LikeRequest": "LikeAuthorization",
    "ReplyRequest": "ReplyAuthorization",
    "AnnounceRequest": "AnnounceAuthorization",
}


@pytest.fixture
def routes(edge: Edge) -> list[BaseRoute]:
    return routes_of(edge)


@pytest.fixture
async def bob(here: Here, there: FakeRemote) -> Person:
    return await here.person(f"bob{there.port}")


@pytest.fixture
async def ada(here: Here, there: FakeRemote) -> FakeActor:
    ada = there.actor("ada")
    await here.meet(ada.document())
    return ada


def request(ada: FakeActor, kind: str, post: str) -> dict[str, Any]:
    done: dict[str, Any] = {
        "LikeRequest": lambda: ada.activity("Like", post),
        "ReplyRequest": lambda: ada.note("may I?", inReplyTo=post),
        "AnnounceRequest": lambda: ada.announce(post),
    }[kind]()
    return ada.activity(kind, post, instrument=done)


async def answer(here: Here, asked: dict[str, Any]) -> dict[str, Any]:
    """Let the server hear a request, and return what it says to it."""
    position = await here.hear(asked)
    await here.run(Answer(here.appender, SITE), Deliver(here.borders, now))
    here.fold()
    ((state,),) = await here.rows("SELECT state FROM log.events WHERE cause = %s", position)
    document: dict[str, Any] = msgspec.json.decode(msgspec.json.decode(state, type=ActivityPublished).document)
    return document


def path(uri: str) -> str:
    return uri.removeprefix(SITE.base_url)


@pytest.mark.parametrize("kind", KINDS)
async def test_leave_is_given_and_shown_and_nothing_is_done_yet(
    here: Here, routes: list[BaseRoute], bob: Person, ada: FakeActor, kind: str
) -> None:
    note = await here.post(bob)
    asked = request(ada, kind, note["id"])
    said = await answer(here, asked)
    assert (said["type"], said["actor"], said["to"]) == ("Accept", bob.id, [ada.id])
    named = {"id": asked["id"], "type": kind, "actor": ada.id, "object": note["id"]}
    assert said["object"] == {**named, "instrument": asked["instrument"]["id"]}
    shown = msgspec.json.decode((await get(routes, path(said["result"]))).body)
    expected = {
        "id": said["result"],
        "type": KINDS[kind],
        "attributedTo": bob.id,
        "interactingObject": asked["instrument"]["id"],
        "interactionTarget": note["id"],
    }
    assert {name: shown[name] for name in expected} == expected
    counts = "SELECT FROM read.notifications WHERE account_id = %s"
    assert await here.rows(counts, bob.account_id) == []


@pytest.mark.parametrize("kind", KINDS)
async def test_who_cannot_see_a_post_may_do_nothing_to_it(
    here: Here, routes: list[BaseRoute], bob: Person, ada: FakeActor, kind: str
) -> None:
    note = await here.post(bob, to=[bob.followers], cc=[])
    said = await answer(here, request(ada, kind, note["id"]))
    assert (said["type"], "result" in said) == ("Reject", False)


async def test_a_follower_may_answer_and_not_boost_what_is_for_followers(
    here: Here, bob: Person, ada: FakeActor
) -> None:
    follow = ada.follow(bob.id)
    await here.hear(follow)
    await here.say(bob, "Accept", follow, to=[ada.id])
    note = await here.post(bob, to=[bob.followers], cc=[])
    assert (await answer(here, request(ada, "ReplyRequest", note["id"])))["type"] == "Accept"
    assert (await answer(here, request(ada, "AnnounceRequest", note["id"])))["type"] == "Reject"


async def test_leave_ends_with_a_block_and_with_the_post(
    here: Here, routes: list[BaseRoute], bob: Person, ada: FakeActor, elsewhere: FakeRemote
) -> None:
    note = await here.post(bob)
    stamp = (await answer(here, request(ada, "LikeRequest", note["id"])))["result"]
    assert (await get(routes, path(stamp))).status == 200
    assert (await get(routes, path(stamp).replace(bob.name, "nobody"))).status == 404
    assert (await get(routes, f"{path(stamp)[:-1]}x")).status == 404
    await here.say(bob, "Block", ada.id, to=[ada.id])
    here.fold()
    assert (await get(routes, path(stamp))).status == 404
    eve = elsewhere.actor("eve")
    await here.meet(eve.document())
    other = (await answer(here, request(eve, "LikeRequest", note["id"])))["result"]
    await here.say(bob, "Delete", note["id"])
    here.fold()
    assert (await get(routes, path(other))).status == 404
