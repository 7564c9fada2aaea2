"""Who is served documents: where everybody is, where only those are who sign, and who never is."""

import msgspec
import pytest
from starlette.routing import BaseRoute

from fedi.activitypub.server.edge import Edge
from fedi.activitypub.server.routes import routes as routes_of
from fedi.events.domains import DomainLimited
from tests.activitypub.server.conftest import Ticks
from tests.support.direct import deliver, get
from tests.support.fake_actor import FakeActor
from tests.support.fake_remote import FakeRemote
from tests.support.here import SITE, Here, Person


@pytest.fixture
def secure(edge: Edge) -> list[BaseRoute]:
    return routes_of(msgspec.structs.replace(edge, secure_mode=True))


@pytest.fixture
async def bob(here: Here, there: FakeRemote) -> Person:
    person = await here.person(f"bob{there.port}")
    here.fold()
    return person


async def asked(routes: list[BaseRoute], reader: FakeActor, uri: str) -> int:
    return (await deliver(routes, reader.sign_request("GET", uri))).status


async def test_in_secure_mode_documents_are_for_those_who_sign(
    here: Here, secure: list[BaseRoute], there: FakeRemote, bob: Person
) -> None:
    note = await here.post(bob)
    here.fold()
    paths = [uri.removeprefix(SITE.base_url) for uri in (bob.id, f"{bob.id}/outbox", bob.followers, note["id"])]
    for path in paths:
        refused = await get(secure, path)
        assert (refused.status, refused.headers["cache-control"]) == (401, "private, no-store")
    alice = there.actor("alice")
    for uri in (bob.id, f"{bob.id}/outbox", note["id"]):
        answer = await deliver(secure, alice.sign_request("GET", uri))
        assert (answer.status, answer.headers["cache-control"]) == (200, "private, no-store")
    assert [seen.path for seen in there.received] == [alice.path]


async def test_in_secure_mode_the_instance_actor_and_discovery_are_for_everybody(
    secure: list[BaseRoute], bob: Person
) -> None:
    for path in ("/actor", "/.well-known/nodeinfo", f"/.well-known/webfinger?resource=acct:{bob.name}@{SITE.domain}"):
        assert (await get(secure, path)).status == 200


async def test_in_secure_mode_a_signature_must_hold(secure: list[BaseRoute], there: FakeRemote, bob: Person) -> None:
    alice = there.actor("alice")
    late = alice.sign_request("GET", bob.id).with_header("date", "Mon, 01 Jan 2024 00:00:00 GMT")
    assert (await deliver(secure, late)).status == 401
    garbled = alice.sign_request("GET", bob.id).with_header("signature", 'keyId="x",signature="eA=="')
    assert (await deliver(secure, garbled)).status in {400, 401}


@pytest.mark.parametrize("secure_mode", [False, True])
async def test_s_131_a_suspended_server_is_served_nothing_that_it_signs_for(
    here: Here, edge: Edge, there: FakeRemote, ticks: Ticks, bob: Person, secure_mode: bool
) -> None:
    routes = routes_of(msgspec.structs.replace(edge, secure_mode=secure_mode))
    alice = there.actor("alice")
    assert await asked(routes, alice, bob.id) == 200
    await here.append(DomainLimited(domain=there.authority, severity="suspend"))
    here.fold()
    ticks.seconds += 1.1
    assert await asked(routes, alice, bob.id) == 403
