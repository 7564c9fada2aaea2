import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from fedi.activitypub import resolve
from fedi.activitypub.resolve import Gone, KeyRefused, NotForUs, NotLearnt, knocking, webfinger
from fedi.activitypub.vocabulary import uris
from fedi.errors import PeerError
from fedi.events import identity
from fedi.events.activities import DocumentFetched
from fedi.log.drafts import Conflict, Draft
from fedi.services.http import Response, Unreachable, open_client
from fedi.settings import LOOPBACK
from fedi.settings.kinds import Networks
from tests.support import servers
from tests.support.fake_remote import Answer, FakeRemote
from tests.support.here import SITE, Here, running
from tests.support.keys import public_pem, rsa_key


@pytest.fixture
async def here(admin_url: str) -> AsyncIterator[Here]:
    with servers.fresh_database(admin_url) as url:
        async with running(url) as server:
            server.fold()
            yield server


async def kept(here: Here) -> list[DocumentFetched]:
    rows = await here.rows("SELECT state FROM log.events WHERE topic = 'document.fetched' ORDER BY notification_id")
    return [msgspec.json.decode(state, type=DocumentFetched) for (state,) in rows]


async def kept_ids(here: Here) -> list[str]:
    return [msgspec.json.decode(each.document)["id"] for each in await kept(here)]


def key_id(text: str) -> uris.Uri:
    return uris.parse(text, fragment=True)


async def test_an_unknown_key_is_asked_of_its_actor_and_nothing_is_kept_before_the_signature_held(
    here: Here, there: FakeRemote
) -> None:
    alice = there.actor("alice")
    key = await resolve.resolve_key(here.means, key_id(alice.key_id))
    assert (key.actor, key.pem) == (alice.id, public_pem(alice.key))
    assert await kept_ids(here) == []
    assert await resolve.append(here.appender, key.drafts) == 2
    assert await kept_ids(here) == [alice.id]
    assert there.requests(alice.path)[0].signer == f"{SITE.instance_actor}#main-key"


async def test_a_known_key_is_not_asked_for_again(here: Here, there: FakeRemote) -> None:
    alice = there.actor("alice")
    await here.meet(alice.document())
    here.fold()
    key = await resolve.resolve_key(here.means, key_id(alice.key_id))
    assert (key.actor, key.pem, key.drafts) == (alice.id, public_pem(alice.key), ())
    assert there.received == []


async def test_a_rotated_key_is_found_when_it_is_asked_for_anew(here: Here, there: FakeRemote) -> None:
    alice = there.actor("alice")
    await here.meet(alice.document())
    here.fold()
    alice.key = rsa_key("rotated")
    key = await resolve.fetch_key(here.means, key_id(alice.key_id))
    assert key.pem == public_pem(rsa_key("rotated"))
    await resolve.append(here.appender, key.drafts)
    here.fold()
    assert (await resolve.resolve_key(here.means, key_id(alice.key_id))).pem == key.pem


async def test_the_stub_that_some_serve_for_a_key_leads_to_the_actor(here: Here, there: FakeRemote) -> None:
    there.actor("alice")
    alice = there.actors["alice"]
    named = there.url("/users/alice/main-key")
    alice.fields["publicKey"] = {"id": named, "owner": alice.id, "publicKeyPem": public_pem(alice.key)}
    there.serve("/users/alice/main-key", {"id": alice.id, "type": "Person", "publicKey": alice.fields["publicKey"]})
    assert (await resolve.resolve_key(here.means, key_id(named))).actor == alice.id


@pytest.mark.parametrize("claim", ["owner", "controller"])
async def test_s_005_a_key_that_claims_a_stranger_for_its_owner_is_refused(
    here: Here, there: FakeRemote, elsewhere: FakeRemote, claim: str
) -> None:
    victim = there.actor("victim")
    document = {claim: victim.id, "publicKeyPem": public_pem(rsa_key("evil"))}
    named = elsewhere.serve("/key", {"id": elsewhere.url("/key"), "type": "Key", **document})
    with pytest.raises(KeyRefused):
        await resolve.resolve_key(here.means, key_id(named))
    assert there.received == [], "who is named is not even asked"


async def test_an_actor_that_does_not_list_the_key_does_not_own_it(here: Here, there: FakeRemote) -> None:
    victim = there.actor("victim")
    named = there.url("/key")
    there.serve("/key", {"id": named, "type": "Key", "owner": victim.id, "publicKeyPem": public_pem(rsa_key("evil"))})
    with pytest.raises(KeyRefused):
        await resolve.resolve_key(here.means, key_id(named))


async def test_s_008_a_key_document_under_another_id_is_refused(here: Here, there: FakeRemote) -> None:
    alice = there.actor("alice")
    document = {"id": alice.key_id, "type": "Key", "owner": alice.id, "publicKeyPem": public_pem(alice.key)}
    named = there.serve("/key", document)
    alice.fields["publicKey"] = {**document, "id": named}
    with pytest.raises(KeyRefused):
        await resolve.resolve_key(here.means, key_id(named))
    for text in (named, alice.key_id):
        assert await resolve.known_key(here.means, key_id(text)) is None
    assert await kept_ids(here) == []


async def test_s_019_a_key_that_two_actors_claim_is_asked_for(here: Here, there: FakeRemote) -> None:
    named = there.url("/shared-key")
    for name in ("alice", "bob"):
        actor = there.actor(name)
        own = {"id": named, "owner": actor.id, "publicKeyPem": public_pem(actor.key)}
        await here.meet({**actor.document(), "publicKey": own})
    here.fold()
    assert await resolve.known_key(here.means, key_id(named)) is None


async def test_a_dead_host_is_asked_once_for_a_key_however_often_it_is_named(here: Here, there: FakeRemote) -> None:
    there.answer("/users/ghost", Answer(status=500))
    named = key_id(there.url("/users/ghost#main-key"))
    asked = [resolve.resolve_key(here.means, named) for _ in range(200)]
    results = await asyncio.gather(*asked, return_exceptions=True)
    assert all(isinstance(result, PeerError) for result in results)
    assert len(there.requests("/users/ghost")) == 1


async def test_s_035_at_most_five_ask_one_host_at_once(here: Here, there: FakeRemote) -> None:
    for number in range(7):
        there.answer(f"/users/{number}", Answer(status=500, delay=0.5))
    asked = [
        asyncio.create_task(resolve.resolve_key(here.means, key_id(there.url(f"/users/{n}#key")))) for n in range(7)
    ]
    await asyncio.to_thread(there.wait_for, lambda seen: seen.method == "GET", count=5)
    await asyncio.sleep(0.1)
    assert len(there.received) == 5
    assert all(isinstance(result, PeerError) for result in await asyncio.gather(*asked, return_exceptions=True))
    assert len(there.received) == 7


async def test_a_gone_actor_is_told_apart(here: Here, there: FakeRemote) -> None:
    there.answer("/users/alice", Answer(status=410))
    with pytest.raises(Gone) as raised:
        await resolve.resolve_key(here.means, key_id(there.url("/users/alice#main-key")))
    assert raised.value.status == 410


async def test_a_server_that_demands_the_new_signatures_is_asked_with_them_from_then_on(
    here: Here, there: FakeRemote
) -> None:
    alice, bob = there.actor("alice"), there.actor("bob")
    there.secure, there.accepted_forms = True, {"rfc9421"}
    await resolve.resolve_actor(here.means, alice.id)
    await resolve.resolve_actor(here.means, bob.id)
    assert [each.form for each in there.requests(alice.path)] == ["cavage", "rfc9421"]
    assert [each.form for each in there.requests(bob.path)] == ["rfc9421"]


async def test_s_001_what_another_server_says_of_somebody_is_nobodys_word(
    here: Here, there: FakeRemote, elsewhere: FakeRemote
) -> None:
    victim = there.actor("victim")
    await here.meet(victim.document())
    here.fold()
    forged = {"id": victim.key_id, "owner": victim.id, "publicKeyPem": public_pem(rsa_key("evil"))}
    claimed = elsewhere.serve("/o/1", {**victim.document(), "publicKey": forged})
    before = await kept_ids(here)
    for asked in (resolve.resolve_object(here.means, claimed), resolve.resolve_actor(here.means, claimed)):
        with pytest.raises(NotLearnt):
            await asked
    here.fold()
    assert await kept_ids(here) == before
    known = await resolve.known_key(here.means, key_id(victim.key_id))
    assert known is not None
    assert known.pem == public_pem(victim.key)


async def test_s_004_what_counts_is_where_a_redirect_ends(here: Here, there: FakeRemote, elsewhere: FakeRemote) -> None:
    victim = there.actor("victim")
    document = {"id": there.url("/key"), "owner": victim.id, "publicKeyPem": public_pem(rsa_key("evil"))}
    forged = {**victim.document(), "id": there.url("/actor.json"), "publicKey": document}
    for path, served in (("/actor.json", forged), ("/key", document), ("/note", victim.note("forged"))):
        there.redirect(path, elsewhere.serve(path, served))
        with pytest.raises(NotLearnt):
            await resolve.resolve_object(here.means, there.url(path))
    with pytest.raises(NotLearnt):
        await resolve.resolve_actor(here.means, there.url("/actor.json"))
    with pytest.raises(KeyRefused):
        await resolve.resolve_key(here.means, key_id(there.url("/key")))
    assert await kept_ids(here) == []


async def test_s_001_a_note_of_another_servers_author_is_refused(
    here: Here, there: FakeRemote, elsewhere: FakeRemote
) -> None:
    victim, mallory = there.actor("victim"), elsewhere.actor("mallory")
    note = mallory.note("not mine", attributedTo=victim.id)
    with pytest.raises(PeerError):
        await resolve.resolve_object(here.means, note["id"])
    assert await kept_ids(here) == []


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "text/html", "application/ld+json", 'application/ld+json; profile="https://evil.example/"'],
)
async def test_s_010_a_document_that_is_not_declared_as_activitypub_is_none(
    here: Here, there: FakeRemote, content_type: str
) -> None:
    alice = there.actor("alice")
    there.answer(alice.path, Answer(body=alice.document(), headers={"Content-Type": content_type}))
    with pytest.raises(NotLearnt, match="ActivityPub"):
        await resolve.resolve_actor(here.means, alice.id)


async def test_the_long_name_of_the_type_is_taken_too(here: Here, there: FakeRemote) -> None:
    alice = there.actor("alice")
    kind = 'application/ld+json; charset=utf-8; profile="https://www.w3.org/ns/activitystreams"'
    there.answer(alice.path, Answer(body=alice.document(), headers={"Content-Type": kind}))
    await resolve.resolve_actor(here.means, alice.id)
    assert await kept_ids(here) == [alice.id]


async def test_s_014_a_poll_that_says_that_it_is_ours_changes_nothing_of_ours(here: Here, there: FakeRemote) -> None:
    bob, mallory = await here.person("bob"), there.actor("mallory")
    ours = await here.post(bob, content="<p>as it was</p>")
    await here.meet(mallory.document())
    here.fold()
    forged = {**ours, "type": "Question", "content": "<p>forged</p>", "oneOf": [{"name": "x", "type": "Note"}]}
    for author in (bob.id, mallory.id):
        poll = there.serve("/polls/1", {**forged, "attributedTo": author})
        with pytest.raises(PeerError):
            await resolve.resolve_object(here.means, poll)
    here.fold()
    assert await here.rows("SELECT content FROM read.statuses") == [("<p>as it was</p>",)]
    assert await here.rows("SELECT * FROM read.polls") == []


async def test_s_010_we_never_ask_ourselves(here: Here, there: FakeRemote) -> None:
    for uri in (f"{SITE.base_url}/media/evil.json", f"{SITE.base_url}/users/alice"):
        with pytest.raises(NotForUs):
            await resolve.resolve_object(here.means, uri)
    with pytest.raises(NotForUs):
        await resolve.resolve_handle(here.means, f"alice@{SITE.domain}")
    assert await kept_ids(here) == []


async def test_a_page_leads_to_the_post_and_the_author_is_kept_first(here: Here, there: FakeRemote) -> None:
    alice = there.actor("alice")
    note = alice.note("hello")
    page = there.serve("/@alice/1", note)
    found = await resolve.resolve_object(here.means, page)
    assert found.uri == note["id"]
    assert await kept_ids(here) == [alice.id, note["id"]]
    here.fold()
    assert await here.rows("SELECT uri FROM read.statuses WHERE position <= %s", found.position) == [(note["id"],)]


async def test_a_page_that_leads_on_and_on_is_given_up(here: Here, there: FakeRemote) -> None:
    alice = there.actor("alice")
    there.serve("/b", {**alice.note("b"), "id": there.url("/c")})
    first = there.serve("/a", {**alice.note("a"), "id": there.url("/b")})
    with pytest.raises(NotLearnt, match="own id"):
        await resolve.resolve_object(here.means, first)


async def test_the_same_document_is_kept_once(here: Here, there: FakeRemote) -> None:
    alice = there.actor("alice", updated="2026-01-01T00:00:00Z")
    first = await resolve.resolve_actor(here.means, alice.id)
    again = await resolve.resolve_actor(here.means, alice.id)
    assert first.position == again.position
    assert await kept_ids(here) == [alice.id]


async def test_what_rests_on_a_known_document_is_kept_all_the_same_but_not_twice(here: Here) -> None:
    def fetched(number: int) -> Draft:
        document = msgspec.Raw(b'{"id":"x"}')
        return Draft(identity=identity.of_published(f"f{number}"), event=DocumentFetched(document=document, url="x"))

    said = Draft(identity=identity.of_published("said"), event=DocumentFetched(document=msgspec.Raw(b"{}"), url="y"))
    await resolve.append(here.appender, [fetched(1)])
    assert await resolve.append(here.appender, [fetched(1), fetched(2)], [said]) == 4
    with pytest.raises(Conflict):
        await resolve.append(here.appender, [fetched(1)], [said])


async def test_a_handle_is_found_with_its_port(here: Here, there: FakeRemote) -> None:
    alice = there.actor("alice")
    found = await resolve.resolve_handle(here.means, f"@alice@{there.authority}")
    assert found.uri == alice.id
    (event,) = await kept(here)
    assert event.handle == ""
    with pytest.raises(NotLearnt):
        await resolve.resolve_handle(here.means, f"nobody@{there.authority}")


def point(remote: FakeRemote, subject: str, actor: str) -> None:
    """Have a host answer every WebFinger question with one handle and one actor."""
    link = {"rel": "self", "type": "application/activity+json", "href": actor}
    document: dict[str, Any] = {"subject": f"acct:{subject}", "links": [link]}
    remote.answer("/.well-known/webfinger", Answer(body=document, headers={"Content-Type": "application/jrd+json"}))


async def test_a_handle_of_another_domain_counts_when_both_sides_say_so(
    here: Here, there: FakeRemote, elsewhere: FakeRemote
) -> None:
    alice = there.actor("alice")
    wanted = f"alice@{elsewhere.authority}"
    point(there, wanted, alice.id)
    with pytest.raises(PeerError):
        await resolve.resolve_handle(here.means, wanted)  # its own host knows nothing of it

    point(elsewhere, wanted, alice.id)
    await resolve.resolve_handle(here.means, wanted)
    (event,) = await kept(here)
    assert event.handle == wanted


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ('<Link rel="lrdd" template="{base}/finger?of={{uri}}"/>', True),
        ("<Link template='{base}/finger?a=b&amp;of={{uri}}' rel='lrdd' type='application/xrd+xml'/>", True),
        ('<Link rel="lrdd" template="http://localhost:3000/finger?of={{uri}}"/>', False),
        ('<Link rel="other" template="{base}/finger?of={{uri}}"/>', False),
        ('<Link rel="lrdd" template="javascript:{{uri}}"/>', False),
        ("<Link " * 2000, False),
    ],
)
async def test_a_host_may_say_where_its_handles_are_answered_for(
    here: Here, there: FakeRemote, elsewhere: FakeRemote, link: str, found: bool
) -> None:
    alice = elsewhere.actor("alice")
    there.answer("/.well-known/webfinger", Answer(status=404))
    xrd = f"<?xml version='1.0'?><XRD>{link.format(base=elsewhere.origin)}</XRD>".encode()
    there.answer("/.well-known/host-meta", Answer(body=xrd, headers={"Content-Type": "application/xrd+xml"}))
    jrd = {**alice.webfinger(), "subject": f"acct:alice@{there.authority}"}
    elsewhere.answer("/finger", Answer(body=jrd, headers={"Content-Type": "application/jrd+json"}))
    if not found:
        with pytest.raises(PeerError):
            await resolve.resolve_handle(here.means, f"alice@{there.authority}")
        return
    assert (await resolve.resolve_handle(here.means, f"alice@{there.authority}")).uri == alice.id
    assert f"of=acct:alice@{there.authority}" in elsewhere.requests("/finger")[0].target


async def test_a_handle_that_its_domain_gives_to_nobody_is_not_taken(
    here: Here, there: FakeRemote, elsewhere: FakeRemote
) -> None:
    mallory = there.actor("mallory")
    point(there, f"mallory@{elsewhere.authority}", mallory.id)
    point(elsewhere, f"mallory@{elsewhere.authority}", elsewhere.url("/users/somebody"))
    await resolve.resolve_actor(here.means, mallory.id)
    (event,) = await kept(here)
    assert event.handle == ""


async def test_first_contact_brings_the_profile_the_counts_the_pins_and_the_latest_public_posts(
    here: Here, there: FakeRemote
) -> None:
    alice = there.actor("alice")
    notes = [alice.note(f"number {number}") for number in range(25)]
    alice.note("for friends", to=[alice.followers_uri], cc=[])
    alice.pinned = [notes[0]["id"]]
    alice.followers = [there.url("/users/x"), there.url("/users/y")]
    found = await resolve.first_contact(here.means, alice.id)
    here.fold()
    assert await here.rows("SELECT total_followers, total_following, total_statuses FROM read.accounts") == [(2, 0, 26)]
    contents = {content for (content,) in await here.rows("SELECT content FROM read.statuses")}
    assert contents == {f"<p>number {number}</p>" for number in (0, *range(6, 25))}
    pinned = "SELECT s.uri FROM read.pins p JOIN read.statuses s ON s.id = p.status_id"
    assert await here.rows(pinned) == [(notes[0]["id"],)]
    assert await here.rows("SELECT max(notification_id) FROM log.events") == [(found.position,)]


async def test_first_contact_makes_do_with_what_there_is(here: Here, there: FakeRemote) -> None:
    alice = there.actor("alice")
    for path in ("outbox", "followers", "following", "featured"):
        there.answer(f"{alice.path}/{path}", Answer(status=403))
    await resolve.first_contact(here.means, alice.id)
    assert await kept_ids(here) == [alice.id]


async def names(here: Here) -> list[str]:
    return [name for (name,) in await here.rows("SELECT topic FROM log.events ORDER BY notification_id")]


async def test_that_somebody_known_is_gone_is_kept_once_and_that_they_are_back(here: Here, there: FakeRemote) -> None:
    alice = there.actor("alice", updated="2026-05-01T00:00:00Z")
    note = alice.note(updated="2026-05-01T00:00:00Z")
    await resolve.resolve_object(here.means, note["id"])
    here.fold()
    there.answer(alice.path, Answer(status=410))
    for _ in range(2):
        with pytest.raises(Gone):
            await resolve.resolve_actor(here.means, alice.id)
        here.fold()
    assert (await names(here)).count("document.vanished") == 1
    assert await here.rows("SELECT uri FROM read.accounts WHERE domain IS NOT NULL") == []
    assert await here.rows("SELECT uri FROM read.statuses") == []
    there.answer(alice.path)
    await resolve.resolve_object(here.means, note["id"])
    here.fold()
    assert await here.rows("SELECT uri FROM read.accounts WHERE domain IS NOT NULL") == [(alice.id,)]
    assert await here.rows("SELECT uri FROM read.statuses") == [(note["id"],)]


@pytest.mark.parametrize("status", [404, 403, 500])
async def test_who_cannot_be_had_is_not_gone_for_that(here: Here, there: FakeRemote, status: int) -> None:
    alice = there.actor("alice")
    await here.meet(alice.document())
    here.fold()
    there.answer(alice.path, Answer(status=status))
    with pytest.raises(NotLearnt):
        await resolve.resolve_actor(here.means, alice.id)
    assert "document.vanished" not in await names(here)


async def test_nobody_is_gone_because_another_server_says_so(
    here: Here, there: FakeRemote, elsewhere: FakeRemote
) -> None:
    alice = there.actor("alice")
    await here.meet(alice.document())
    here.fold()
    elsewhere.answer("/gone", Answer(status=410))
    there.redirect(alice.path, elsewhere.url("/gone"))
    with pytest.raises(Gone):
        await resolve.resolve_actor(here.means, alice.id)
    assert "document.vanished" not in await names(here)


@pytest.mark.parametrize("user", ["alice&rel=self", "alice%40evil.example", "alice+x", "alice;y=1", "ali=ce"])
async def test_s_148_a_name_asks_for_nothing_but_itself(here: Here, there: FakeRemote, user: str) -> None:
    there.answer("/.well-known/host-meta", Answer(status=404))
    with pytest.raises(NotLearnt):
        await resolve.resolve_handle(here.means, f"{user}@{there.authority}")
    asked = next(each for each in there.received if each.path == "/.well-known/webfinger")
    assert parse_qs(urlsplit(asked.target).query) == {"resource": [f"acct:{user}@{there.authority}"]}


@pytest.mark.parametrize(("private", "port"), [((), 443), (LOOPBACK, 9)])
async def test_s_035_nothing_is_signed_for_whom_nobody_can_reach(
    here: Here, monkeypatch: pytest.MonkeyPatch, private: Networks, port: int
) -> None:
    signed: list[object] = []

    def sign(*given: object, **_: object) -> dict[str, str]:
        signed.append(given)
        return {}

    monkeypatch.setattr(knocking, "sign", sign)
    http = open_client(private=private, user_agent="test")
    knocker = resolve.Knocker(http, here.borders, key_id="https://here.example/actor#main-key", key=rsa_key("instance"))
    means = msgspec.structs.replace(here.means, knocker=knocker)
    with pytest.raises(Unreachable):
        await resolve.fetch_key(means, key_id(f"http://127.0.0.1:{port}/actor#main-key"))
    await http.close()
    assert signed == []


@pytest.mark.parametrize(("scheme", "questions"), [("http", 2), ("https", 3)])
async def test_who_is_asked_by_https_sends_nobody_to_plain_http(
    here: Here, monkeypatch: pytest.MonkeyPatch, scheme: str, questions: int
) -> None:
    """Whoever sits in between could say then who stands behind a handle."""
    asked: list[str] = []
    host_meta = f'<Link rel="lrdd" template="{scheme}://elsewhere.example/finger?of={{uri}}"/>'.encode()

    async def answered(_: object, address: str, accept: str) -> Response:
        asked.append(address)
        xrd = {"content-type": "application/xrd+xml"}
        status = 200 if address.endswith("/host-meta") else 404
        body = host_meta if status == 200 else b""
        return Response(final_url=uris.parse(address), status=status, headers=xrd, body=body)

    monkeypatch.setattr(webfinger, "_get", answered)
    with pytest.raises(NotLearnt):
        await webfinger.ask(here.means, webfinger.read_handle("alice@split.example"))
    assert len(asked) == questions
