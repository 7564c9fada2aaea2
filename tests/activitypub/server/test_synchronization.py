"""Followers synchronisation (FEP-8fcf), from both sides, over real sockets."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from starlette.routing import BaseRoute

from fedi.activitypub.server.edge import Edge
from fedi.activitypub.server.routes import routes as routes_of
from fedi.activitypub.vocabulary import json
from fedi.activitypub.vocabulary.synchronization import HEADER, Synchronization, digest_of, write
from fedi.effects.jobs.followers import synchronize
from fedi.services.synchronization import SynchronizeFollowers
from tests.support.acting import deps_of
from tests.support.direct import deliver, get
from tests.support.fake_actor import FakeActor
from tests.support.fake_remote import FakeRemote
from tests.support.here import SITE, Here, Person

JOBS = "SELECT args -> 'job' FROM procrastinate_jobs WHERE task_name = 'accounts.synchronize_followers'"


@pytest.fixture
def routes(edge: Edge) -> list[BaseRoute]:
    return routes_of(edge)


async def follows(here: Here, fan: FakeActor, person: Person) -> None:
    """Let somebody elsewhere follow somebody here."""
    follow = fan.follow(person.id)
    await here.meet(fan.document())
    await here.hear(follow)
    await here.say(person, "Accept", follow)


async def follow(here: Here, person: Person, star: FakeActor) -> None:
    """Let somebody here follow somebody elsewhere."""
    uri = f"{person.id}#follows/{star.name}"
    await here.say(person, "Follow", star.id, id=uri)
    await here.hear(star.accept({"id": uri, "type": "Follow", "actor": person.id, "object": star.id}))


async def test_each_server_is_told_of_its_own_people_alone(
    here: Here, routes: list[BaseRoute], there: FakeRemote, elsewhere: FakeRemote
) -> None:
    bob = await here.person(f"bob{there.port}")
    alice, ben, carl = there.actor("alice"), there.actor("ben"), elsewhere.actor("carl")
    for fan in (alice, ben, carl):
        await follows(here, fan, bob)
    here.fold()
    uri = f"{bob.id}/followers_synchronization"
    for reader, listed in ((alice, [alice.id, ben.id]), (carl, [carl.id])):
        answer = await deliver(routes, reader.sign_request("GET", uri))
        document = json.parse(answer.body)
        assert (answer.status, document["type"], sorted(document["orderedItems"])) == (
            200,
            "OrderedCollection",
            sorted(listed),
        )
        assert answer.headers["cache-control"] == "private, no-store"
    assert (await get(routes, uri.removeprefix(SITE.base_url))).status == 401


async def test_nothing_is_compared_where_the_operator_does_not_want_it(
    here: Here, edge: Edge, there: FakeRemote
) -> None:
    bob, alice = await here.person(f"bob{there.port}"), there.actor("alice")
    here.fold()
    closed = routes_of(msgspec.structs.replace(edge, synchronizes_followers=False))
    uri = f"{bob.id}/followers_synchronization"
    assert (await deliver(closed, alice.sign_request("GET", uri))).status == 404


async def said_of(routes: list[BaseRoute], star: FakeActor, digest: str, **changes: str) -> None:
    said = Synchronization(collection=star.followers_uri, digest=digest, url=f"{star.id}/sync")
    said = msgspec.structs.replace(said, **changes)
    signed = star.sign(star.create(star.note()), SITE.shared_inbox)
    headers = [*signed.headers, (HEADER.encode(), write(said).encode())]
    assert (await deliver(routes, replace(signed, headers=headers))).status == 202


async def test_a_digest_that_differs_becomes_a_job_once(here: Here, routes: list[BaseRoute], there: FakeRemote) -> None:
    star, bob = there.actor("star"), await here.person(f"bob{there.port}")
    await here.meet(star.document())
    await follow(here, bob, star)
    here.fold()
    await said_of(routes, star, digest_of([bob.id]))
    await said_of(routes, star, "0" * 64, collection="https://other.example/followers")
    await said_of(routes, star, "0" * 64, url="https://other.example/sync")
    assert [job for (job,) in await here.rows(JOBS) if job["actor"] == star.id] == []
    await said_of(routes, star, "0" * 64)
    await said_of(routes, star, "0" * 64)
    (job,) = [job for (job,) in await here.rows(JOBS) if job["actor"] == star.id]
    assert (job["url"], job["digest"]) == (f"{star.id}/sync", "0" * 64)


async def published(here: Here, start: int) -> list[dict[str, Any]]:
    rows = await here.rows(
        "SELECT convert_from(state, 'UTF8')::json -> 'document' FROM log.events"
        " WHERE notification_id > %s AND topic = 'activity.published' ORDER BY notification_id",
        start,
    )
    return [row for (row,) in rows]


async def test_what_only_one_side_knows_of_ends(here: Here, there: FakeRemote) -> None:
    star = there.actor("star")
    kept, stale, ghost = [await here.person(f"{name}{there.port}") for name in ("kept", "stale", "ghost")]
    await here.meet(star.document())
    for person in (kept, stale):
        await follow(here, person, star)
    here.fold()
    ((start,),) = await here.rows("SELECT max(notification_id) FROM log.events")
    listed = [kept.id, ghost.id]
    url = there.collection("/users/star/sync", listed)
    job = SynchronizeFollowers(actor=star.id, url=url, digest=digest_of(listed))
    await synchronize.do(job, await deps_of(here))
    undos = await published(here, start)
    assert [(each["type"], each["actor"], each["object"]["object"]) for each in undos] == [
        ("Undo", stale.id, star.id),
        ("Undo", ghost.id, star.id),
    ]
    assert undos[0]["object"]["id"] == f"{stale.id}#follows/star"
    here.fold()
    await synchronize.do(job, await deps_of(here))
    assert [each["actor"] for each in await published(here, start)] == [stale.id, ghost.id, ghost.id]


@pytest.mark.parametrize("lie", ["digest", "host", "missing"])
async def test_a_list_that_is_not_the_one_spoken_of_changes_nothing(
    here: Here, there: FakeRemote, elsewhere: FakeRemote, lie: str
) -> None:
    star, bob = there.actor("star"), await here.person(f"{lie}{there.port}")
    await here.meet(star.document())
    await follow(here, bob, star)
    here.fold()
    ((start,),) = await here.rows("SELECT max(notification_id) FROM log.events")
    where = elsewhere if lie == "host" else there
    url = where.collection("/sync", []) if lie != "missing" else there.url("/nowhere")
    digest = digest_of(["https://x.example/1"]) if lie == "digest" else "0" * 64
    await synchronize.do(SynchronizeFollowers(actor=star.id, url=url, digest=digest), await deps_of(here))
    assert await published(here, start) == []
