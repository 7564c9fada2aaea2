"""The fake remote tells the truth when it should and lies when it should, or the tests built on it prove nothing."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from fedi.activitypub import signatures
from fedi.activitypub.vocabulary import uris
from fedi.errors import PeerError
from fedi.services.http import open_client
from fedi.settings import LOOPBACK
from tests.support.fake_actor import ACTIVITY_JSON, Signed
from tests.support.fake_remote import Answer, FakeRemote, fake_remote, get_json
from tests.support.keys import ed25519_key
from tests.support.lies import IMPOSTURES, SIGNATURE_LIES


@pytest.fixture(scope="module")
def there() -> Iterator[FakeRemote]:
    with fake_remote() as remote:
        remote.actor("alice")
        remote.actor("bob")
        yield remote


def judge(request: Signed) -> signatures.SignatureClaim:
    """Verify a request as a server on the inbox's host would, with the key of the actor that it names."""
    url = uris.parse(request.url)
    claim = signatures.parse(
        request.headers, method=request.method, target=url.target, origin=url.origin, body=request.body
    )
    document = get_json(claim.key_id.document.text)
    if "publicKey" not in document or document["publicKey"]["id"] != claim.key_id.text:
        raise PeerError(reason="not_the_actors_key")
    key = signatures.load_public_key(document["publicKey"]["publicKeyPem"])
    signatures.verify(claim, key, datetime.now(UTC))
    return claim


@pytest.mark.parametrize("form", ["cavage", "rfc9421"])
def test_honest_requests_hold(there: FakeRemote, form: str) -> None:
    alice = there.actors["alice"]
    claim = judge(alice.sign(alice.like("https://here.example/1"), "https://here.example/inbox", form=form))
    assert claim.form == form
    judge(alice.sign_request("GET", "https://here.example/users/x?page=1", form=form))


@pytest.mark.parametrize("name", SIGNATURE_LIES)
def test_lies_do_not_hold(there: FakeRemote, name: str) -> None:
    alice = there.actors["alice"]
    with pytest.raises(PeerError):
        judge(SIGNATURE_LIES[name](alice, alice.like("https://here.example/1"), "https://here.example/inbox"))


@pytest.mark.parametrize("name", IMPOSTURES)
def test_impostures_are_correctly_signed(there: FakeRemote, name: str) -> None:
    alice, bob = there.actors["alice"], there.actors["bob"]
    claim = judge(alice.sign(IMPOSTURES[name](alice, bob, bob.note()), "https://here.example/inbox"))
    assert claim.key_id.text == alice.key_id


async def test_serves_documents_to_the_real_client(there: FakeRemote) -> None:
    alice = there.actors["alice"]
    note = alice.note("hello")
    client = open_client(private=LOOPBACK, user_agent="x")
    for url, found in [
        (alice.id, "publicKey"),
        (f"{alice.id}/outbox", "first"),
        (note["id"], "content"),
        (there.url(f"/.well-known/webfinger?resource=acct:{alice.handle}"), "subject"),
        (there.collection("/replies", [note["id"]]), "first"),
    ]:
        response = await client.fetch(uris.parse(url), accept=ACTIVITY_JSON)
        assert response.status == 200
        assert found in json.loads(response.body)
    assert (await client.fetch(uris.parse(there.url("/nothing")), accept=ACTIVITY_JSON)).status == 404
    await client.close()


@pytest.mark.parametrize("form", ["cavage", "rfc9421"])
async def test_hears_and_verifies_what_the_real_client_delivers(there: FakeRemote, form: signatures.Form) -> None:
    alice = there.actors["alice"]
    client = open_client(private=LOOPBACK, user_agent="x")
    url, body = uris.parse(there.actors["bob"].inbox), b'{"type":"Like"}'
    key_id = alice.key_id
    there.received.clear()
    headers = signatures.sign(form, "POST", url, key_id=key_id, key=alice.key, now=datetime.now(UTC), body=body)
    assert (await client.post(url, body, headers)).status == 202
    (delivery,) = there.wait_for(lambda seen: seen.method == "POST")
    assert delivery.activity == {"type": "Like"}
    assert delivery.form == form
    assert delivery.signer == key_id
    assert delivery.fault is None
    await client.post(url, b'{"type":"Lie."}', headers)
    headers = signatures.sign(form, "POST", url, key_id=key_id, key=ed25519_key(), now=datetime.now(UTC), body=body)
    await client.post(url, body, headers)
    deliveries = there.wait_for(lambda seen: seen.method == "POST", count=3)
    assert [one.fault for one in deliveries] == [None, "wrong digest", "signature does not match"]
    await client.close()


async def test_scripts(there: FakeRemote) -> None:
    client = open_client(private=LOOPBACK, user_agent="x")
    there.answer("/inbox", Answer(status=503, headers={"Retry-After": "9"}), Answer(status=202))
    url = uris.parse(there.url("/inbox"))
    first, second, third = [await client.post(url, b"{}", {}) for _ in range(3)]
    assert (first.status, first.headers["retry-after"], second.status, third.status) == (503, "9", 202, 202)
    there.answer("/inbox")
    there.accepted_forms = {"rfc9421"}
    assert (await client.post(url, b"{}", {"Signature": "x"})).status == 401
    there.accepted_forms = {"cavage", "rfc9421"}
    there.secure = True
    assert (await client.fetch(uris.parse(there.actors["alice"].id), accept="*/*")).status == 401
    there.secure = False
    moved = there.redirect("/moved", there.actors["alice"].id)
    assert (await client.fetch(uris.parse(moved), accept="*/*")).final_url.text == there.actors["alice"].id
    await client.close()


def test_sends_for_real(there: FakeRemote) -> None:
    alice, bob = there.actors["alice"], there.actors["bob"]
    there.received.clear()
    assert alice.send(alice.follow(bob.id), bob.inbox).status == 202
    (delivery,) = there.deliveries("Follow")
    assert delivery.fault is None
    assert alice.get(bob.id).status == 200
