"""What others may read: actors, posts, collections; and who may not."""

from typing import Any

import msgspec
import pytest
from psycopg_pool import AsyncConnectionPool
from starlette.routing import BaseRoute

from fedi.activitypub.server.edge import Edge
from fedi.activitypub.server.routes import routes as routes_of
from fedi.activitypub.vocabulary import addresses, json, rendering
from fedi.activitypub.vocabulary.activities import read_activity
from fedi.activitypub.vocabulary.claims import Stamped
from fedi.activitypub.vocabulary.documents import read_document
from fedi.activitypub.vocabulary.rendering import questions, quotes
from fedi.clock import now
from fedi.events.activities import ActivityPublished
from fedi.events.collections import CollectionAccountAdded, CollectionMembershipRevoked, CollectionSaved
from fedi.events.emojis import EmojiAdded
from tests.support.direct import deliver, get
from tests.support.fake_actor import PUBLIC, Document, FakeActor, Reply
from tests.support.fake_remote import FakeRemote
from tests.support.here import SITE, Here, Person

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture
def routes(edge: Edge) -> list[BaseRoute]:
    return routes_of(edge)


@pytest.fixture
async def bob(here: Here, there: FakeRemote) -> Person:
    name = f"bob{there.port}"
    icon = {"type": "Image", "url": "http://a.example/1.png"}
    person = await here.person(name, featured=addresses.featured(SITE.actor(name)), icon=icon)
    here.fold()
    return person


def path(uri: str) -> str:
    return uri.removeprefix(SITE.base_url)


def read(reply: Reply) -> dict[str, Any]:
    assert reply.status == 200, reply
    assert reply.headers["content-type"] == "application/activity+json; charset=utf-8"
    assert reply.headers["vary"] == "Accept, Signature"
    return json.parse(reply.body)


async def fetch(routes: list[BaseRoute], uri: str) -> dict[str, Any]:
    return read(await get(routes, path(uri)))


async def as_signed(routes: list[BaseRoute], reader: FakeActor, uri: str, **changes: Any) -> Reply:
    return await deliver(routes, reader.sign_request("GET", uri, **changes))


@pytest.fixture
async def alice(here: Here, there: FakeRemote, bob: Person) -> FakeActor:
    """A remote follower of bob."""
    follower = there.actor("alice")
    await here.meet(follower.document())
    follow = follower.follow(bob.id)
    await here.hear(follow)
    await here.say(bob, "Accept", follow, to=[follower.id])
    here.fold()
    return follower


async def test_an_actor_is_served_as_it_was_published(routes: list[BaseRoute], bob: Person) -> None:
    reply = await get(routes, f"/users/{bob.name}")
    document = read(reply)
    assert document["id"] == bob.id
    assert document["icon"] == {"type": "Image", "url": "http://a.example/1.png"}
    assert reply.headers["cache-control"] == "public, max-age=180"
    assert reply.headers["access-control-allow-origin"] == "*"
    assert (await get(routes, f"/users/{bob.name.upper()}")).body == reply.body
    assert (await get(routes, f"/@{bob.name}")).body == reply.body
    assert (await get(routes, f"/users/{bob.name}", accept="*/*")).body == reply.body


async def test_pages_are_left_to_others(routes: list[BaseRoute], here: Here, bob: Person) -> None:
    note = await here.post(bob)
    here.fold()
    number = note["id"].rpartition("/")[2]
    for where in (f"/users/{bob.name}", f"/@{bob.name}", path(note["id"]), f"/@{bob.name}/{number}"):
        reply = await get(routes, where, accept=BROWSER)
        assert (reply.status, reply.body) == (404, b"Not Found"), "no route but the pages' claims it"
    assert (await get(routes, f"/@{bob.name}@elsewhere.example")).body == b"Not Found"
    assert read(await get(routes, f"/@{bob.name}/{number}"))["id"] == note["id"]


@pytest.mark.parametrize("name", ["nobody", "b%C3%B3b", "bob%00", "a" * 40, ".."])
async def test_who_is_not_here_is_not_found(routes: list[BaseRoute], here: Here, name: str) -> None:
    for where in (f"/users/{name}", f"/users/{name}/outbox", f"/users/{name}/followers", f"/users/{name}/statuses/1"):
        assert (await get(routes, where)).status == 404


async def test_a_post_and_the_activity_that_published_it(routes: list[BaseRoute], here: Here, bob: Person) -> None:
    note = await here.post(bob, content="<p>hi</p>")
    here.fold()
    served = await fetch(routes, note["id"])
    assert {name: served[name] for name in note} == note
    assert read_document(served) is not None
    create = await fetch(routes, f"{note['id']}/activity")
    assert (create["type"], create["id"], create["actor"]) == ("Create", f"{note['id']}/activity", bob.id)
    assert create["object"] == {name: value for name, value in served.items() if name != "@context"}
    assert read_activity(create)


async def test_a_boost_is_an_announce(routes: list[BaseRoute], here: Here, bob: Person, there: FakeRemote) -> None:
    carol = there.actor("carol")
    await here.meet(carol.document())
    note = carol.note("to be boosted")
    await here.meet(note)
    boost_id = here.appender.allot(now())
    uri = SITE.status(bob.name, boost_id)
    await here.say(
        bob,
        "Announce",
        note["id"],
        id=f"{uri}/activity",
        status_id=boost_id,
        to=[PUBLIC],
        cc=[bob.followers, carol.id],
    )
    here.fold()
    for address in (uri, f"{uri}/activity"):
        announce = await fetch(routes, address)
        assert (announce["type"], announce["id"], announce["object"]) == ("Announce", f"{uri}/activity", note["id"])
        assert announce["to"] == [PUBLIC]
        assert set(announce["cc"]) == {bob.followers, carol.id}
    page = await fetch(routes, f"{bob.id}/outbox?page=true")
    assert [item["type"] for item in page["orderedItems"]] == ["Announce"]


PRIVATE = "private, no-store"


async def test_s_112_a_followers_post_is_for_followers_that_sign(
    routes: list[BaseRoute], here: Here, bob: Person, alice: FakeActor, there: FakeRemote
) -> None:
    stranger = there.actor("stranger")
    await here.meet(stranger.document())
    note = await here.post(bob, to=[bob.followers], cc=[])
    here.fold()
    for uri in (note["id"], f"{note['id']}/activity", f"{note['id']}/replies", f"{note['id']}/likes"):
        allowed = await as_signed(routes, alice, uri)
        read(allowed)
        assert allowed.headers["cache-control"] == PRIVATE
        assert (await as_signed(routes, alice, uri, form="rfc9421")).status == 200
        for reply in (
            await get(routes, path(uri)),
            await as_signed(routes, stranger, uri),
            await as_signed(routes, alice, uri, key=stranger.key),
            await as_signed(routes, alice, uri, signed_target="/elsewhere", form="cavage"),
        ):
            assert reply.status == 404
    assert there.requests(stranger.path) == [], "nothing is fetched for who reads"


async def test_a_direct_post_is_for_whom_it_names(
    routes: list[BaseRoute], here: Here, bob: Person, alice: FakeActor, there: FakeRemote
) -> None:
    named = there.actor("named")
    await here.meet(named.document())
    tag = [{"type": "Mention", "href": named.id, "name": f"@{named.handle}"}]
    note = await here.post(bob, to=[named.id], cc=[], tag=tag)
    here.fold()
    assert (await as_signed(routes, named, note["id"])).status == 200
    assert (await as_signed(routes, alice, note["id"])).status == 404
    assert (await get(routes, path(note["id"]))).status == 404


async def test_s_113_a_private_post_looks_like_none_in_every_byte(
    routes: list[BaseRoute], here: Here, bob: Person, there: FakeRemote
) -> None:
    stranger = there.actor("stranger")
    await here.meet(stranger.document())
    note = await here.post(bob, to=[bob.followers], cc=[])
    here.fold()
    missing = SITE.status(bob.name, 1)
    for suffix in ("", "/activity", "/replies", "/replies?page=true", "/likes", "/shares"):
        hidden = await get(routes, path(note["id"]) + suffix)
        assert hidden.status == 404
        assert hidden == await get(routes, path(missing) + suffix)
        signed = await as_signed(routes, stranger, note["id"] + suffix)
        assert signed == await as_signed(routes, stranger, missing + suffix)


async def test_s_115_what_was_done_with_a_private_post_is_at_no_address(
    routes: list[BaseRoute], here: Here, bob: Person, alice: FakeActor, there: FakeRemote
) -> None:
    stranger = there.actor("stranger")
    await here.meet(stranger.document())
    note = await here.post(bob, to=[bob.followers], cc=[], content="<p>between us</p>")
    boost = SITE.status(bob.name, here.appender.allot(now()))
    await here.say(bob, "Announce", note["id"], id=f"{boost}/activity", to=[bob.followers], status_id=_id(boost))
    like = f"{bob.id}#likes/1"
    await here.say(bob, "Like", note["id"], id=like)
    await here.say(bob, "Undo", {"type": "Like", "id": like, "actor": bob.id, "object": note["id"]}, id=f"{like}/undo")
    here.fold()
    for uri in (f"{note['id']}/activity", boost, f"{boost}/activity", like.replace("#", "/"), f"{bob.id}/likes/1/undo"):
        for reply in (await get(routes, path(uri)), await as_signed(routes, stranger, uri)):
            assert reply.status == 404
            assert b"between us" not in reply.body
    for uri in (f"{bob.id}/outbox?page=true", f"{bob.id}/collections/featured"):
        assert b"between us" not in (await get(routes, path(uri))).body
    assert b"between us" in (await as_signed(routes, alice, f"{note['id']}/activity")).body


def _id(uri: str) -> int:
    return int(uri.rpartition("/")[2])


async def test_somebody_elses_post_is_not_at_ones_own_address(
    routes: list[BaseRoute], here: Here, bob: Person, alice: FakeActor
) -> None:
    note = alice.note("mine")
    await here.meet(note)
    carol = await here.person(f"carol{bob.name}")
    hers = await here.post(carol)
    here.fold()
    ((remote_id,),) = await here.rows("SELECT id FROM read.statuses WHERE uri = %s", note["id"])
    for number in (remote_id, hers["id"].rpartition("/")[2]):
        assert (await get(routes, f"/users/{bob.name}/statuses/{number}")).status == 404
    assert (await get(routes, f"/users/{alice.name}/statuses/{remote_id}")).status == 404
    assert (await get(routes, f"/users/{alice.name}")).status == 404


async def test_a_deleted_public_post_is_a_tombstone_and_a_private_one_is_nothing(
    routes: list[BaseRoute], here: Here, bob: Person
) -> None:
    public, private = await here.post(bob), await here.post(bob, to=[bob.followers], cc=[])
    for note in (public, private):
        await here.say(bob, "Delete", {"type": "Tombstone", "id": note["id"]}, to=[PUBLIC])
    here.fold()
    gone = await get(routes, path(public["id"]))
    assert gone.status == 410
    assert msgspec.json.decode(gone.body)["type"] == "Tombstone"
    assert msgspec.json.decode(gone.body)["id"] == public["id"]
    assert (await get(routes, path(private["id"]))).status == 404


async def test_s_121_the_outbox_has_only_what_was_said_to_everybody(
    routes: list[BaseRoute], here: Here, bob: Person, alice: FakeActor
) -> None:
    said = [await here.post(bob, to=[PUBLIC]) for _ in range(22)]
    said.append(await here.post(bob, to=[bob.followers], cc=[PUBLIC]))
    await here.post(bob, to=[bob.followers], cc=[])
    await here.post(bob, to=[alice.id], cc=[])
    here.fold()
    collection = await fetch(routes, f"{bob.id}/outbox")
    assert (collection["type"], collection["id"]) == ("OrderedCollection", f"{bob.id}/outbox")
    first = await fetch(routes, collection["first"])
    assert first["partOf"] == collection["id"]
    assert len(first["orderedItems"]) == 20
    second = await fetch(routes, first["next"])
    items: list[Document] = [*first["orderedItems"], *second["orderedItems"]]
    assert [item["object"]["id"] for item in items] == [note["id"] for note in reversed(said)]
    assert {item["type"] for item in items} == {"Create"}
    assert "next" not in second
    newer = await fetch(routes, second["prev"])
    assert newer["orderedItems"] == first["orderedItems"]
    assert (await as_signed(routes, alice, f"{bob.id}/outbox?page=true")).status == 200


async def test_s_119_who_is_blocked_finds_nothing_and_caches_keep_nothing_for_others(
    routes: list[BaseRoute], here: Here, bob: Person, there: FakeRemote
) -> None:
    foe = there.actor("foe")
    await here.meet(foe.document())
    note = await here.post(bob)
    pin = msgspec.Raw(msgspec.json.encode(rendering.add(bob.id, note["id"], 1)))
    await here.append(ActivityPublished(document=pin, account_id=bob.account_id))
    await here.say(bob, "Block", foe.id)
    here.fold()
    uri = f"{bob.id}/collections/featured"
    assert (await fetch(routes, uri))["orderedItems"] == [note["id"]]
    blocked = await as_signed(routes, foe, uri)
    assert read(blocked)["orderedItems"] == []
    assert blocked.headers["cache-control"] == PRIVATE
    assert (await as_signed(routes, foe, note["id"])).status == 404
    assert read(await as_signed(routes, foe, f"{bob.id}/outbox?page=true"))["orderedItems"] == []
    assert (await get(routes, path(note["id"]))).status == 200


async def test_followers_and_following_are_counted_and_listed(
    routes: list[BaseRoute], here: Here, bob: Person, alice: FakeActor
) -> None:
    followers = await fetch(routes, f"{bob.id}/followers")
    assert (followers["totalItems"], followers["type"]) == (1, "OrderedCollection")
    assert (await fetch(routes, followers["first"]))["orderedItems"] == [alice.id]
    following = await fetch(routes, f"{bob.id}/following")
    assert following["totalItems"] == 0
    assert (await fetch(routes, following["first"]))["orderedItems"] == []
    assert (await fetch(routes, f"{bob.id}/collections/tags"))["items"] == []


async def test_answers_to_a_post_are_listed_if_everybody_may_see_them(
    routes: list[BaseRoute], here: Here, bob: Person, alice: FakeActor
) -> None:
    note = await here.post(bob)
    own = await here.post(bob, inReplyTo=note["id"])
    theirs = alice.note("answer", inReplyTo=note["id"])
    secret = alice.note("psst", to=[bob.id], cc=[], inReplyTo=note["id"])
    for each in (theirs, secret):
        await here.hear(alice.create(each))
    await here.hear(alice.like(note["id"]))
    here.fold()
    replies = await fetch(routes, f"{note['id']}/replies")
    page = await fetch(routes, replies["first"])
    assert set(page["items"]) == {own["id"], theirs["id"]}
    assert "next" not in page
    likes, shares = await fetch(routes, f"{note['id']}/likes"), await fetch(routes, f"{note['id']}/shares")
    assert (likes["totalItems"], shares["totalItems"]) == (1, 0)
    assert not {"items", "orderedItems"} & (likes.keys() | shares.keys())


async def test_many_answers_come_in_pages(routes: list[BaseRoute], here: Here, bob: Person) -> None:
    note = await here.post(bob)
    answers = [await here.post(bob, inReplyTo=note["id"]) for _ in range(25)]
    here.fold()
    first = await fetch(routes, f"{note['id']}/replies?page=true")
    second = await fetch(routes, first["next"])
    assert [*first["items"], *second["items"]] == [answer["id"] for answer in answers]


@pytest.mark.parametrize("query", ["page=true&max_id=x", "page=true&min_id=-1", "page=1&max_id=" + "9" * 30])
async def test_s_074_pages_that_cannot_be_are_refused(routes: list[BaseRoute], bob: Person, query: str) -> None:
    for name in ("outbox", "followers", "following"):
        assert (await get(routes, f"/users/{bob.name}/{name}?{query}")).status == 400


async def test_while_the_database_is_away_readers_are_asked_to_come_again(edge: Edge, here: Here) -> None:
    nowhere: Any = AsyncConnectionPool("postgresql://127.0.0.1:1/none", min_size=0, max_size=1, open=False, timeout=0.1)
    async with nowhere:
        reply = await get(routes_of(msgspec.structs.replace(edge, pool=nowhere)), "/users/bob")
    assert (reply.status, reply.headers["cache-control"]) == (503, "no-store")
    assert int(reply.headers["retry-after"]) > 0


async def test_a_stamp_is_shown_to_anybody_until_it_is_taken_back(
    here: Here, routes: list[BaseRoute], bob: Person, alice: FakeActor
) -> None:
    note, quote = await here.post(bob), alice.note()
    request = questions.embedded(quotes.QUESTION, "", alice.id, note["id"], quote["id"])
    stamp = f"{bob.id}/quote_authorizations/7"
    await here.say(bob, "Accept", request, result=stamp)
    here.fold()
    claim = read_document(await fetch(routes, stamp))
    assert isinstance(claim, Stamped)
    assert (claim.author, claim.quote, claim.quoted) == (bob.id, quote["id"], note["id"])
    for other in (f"{bob.id}/quote_authorizations/8", f"{bob.id}/quote_authorizations/x", f"{bob.id}0{stamp[-2:]}"):
        assert (await get(routes, path(other))).status == 404
    await here.say(bob, "Delete", stamp)
    here.fold()
    assert (await get(routes, path(stamp))).status == 404


async def test_an_emoji_has_a_document(routes: list[BaseRoute], here: Here) -> None:
    url = f"{SITE.base_url}/media/emojis/77/{'a' * 16}.png"
    await here.append(EmojiAdded(emoji_id=77, shortcode="blobcat", url=url))
    here.fold()
    found = await fetch(routes, f"{SITE.base_url}/emojis/77")
    assert (found["type"], found["id"], found["name"]) == ("Emoji", f"{SITE.base_url}/emojis/77", ":blobcat:")
    assert found["icon"] == {"type": "Image", "url": url, "mediaType": "image/png"}
    for unknown in ("78", "x", "9" * 30):
        assert (await get(routes, f"/emojis/{unknown}")).status == 404


async def test_a_conversation_lists_its_public_posts(
    here: Here, routes: list[BaseRoute], bob: Person, alice: FakeActor
) -> None:
    root = await here.post(bob)
    number = int(root["id"].rpartition("/")[2])
    conversation = addresses.conversation(SITE, now(), number)
    context = addresses.context(SITE, conversation)
    theirs = alice.note(inReplyTo=root["id"])
    await here.hear(alice.create(theirs))
    hidden = alice.note(inReplyTo=root["id"], to=[bob.id], cc=[])
    await here.hear(alice.create(hidden))
    own = [await here.post(bob, inReplyTo=theirs["id"]) for _ in range(25)]
    here.fold()
    found = await fetch(routes, context)
    assert (found["id"], found["type"], found["attributedTo"]) == (context, "Collection", bob.id)
    first = found["first"]
    second = await fetch(routes, first["next"])
    assert set(first["items"]) | set(second["items"]) == {root["id"], theirs["id"], *(each["id"] for each in own)}
    assert await fetch(routes, f"{context}/items?page=true") == {"@context": found["@context"], **first}
    for other in (f"/contexts/{own[0]['id'].rpartition('/')[2]}", "/contexts/1", "/contexts/x", "/contexts/1/items"):
        assert (await get(routes, other)).status == 404


async def test_collections_of_people_have_documents_and_their_consent(
    routes: list[BaseRoute], here: Here, bob: Person
) -> None:
    saved = CollectionSaved(collection_id=5, account_id=bob.account_id, name="Cats", tag="cats", language="en")
    await here.append(saved)
    await here.append(
        CollectionAccountAdded(collection_id=5, item_id=6, account_id=bob.account_id, member_id=bob.account_id)
    )
    here.fold()
    base = f"{SITE.base_url}/ap/users/{bob.account_id}"
    found = await fetch(routes, f"{bob.id}/collections/5")
    assert (found["type"], found["attributedTo"], found["totalItems"]) == ("FeaturedCollection", bob.id, 1)
    (item,) = found["orderedItems"]
    assert (item["featuredObject"], item["featureAuthorization"]) == (bob.id, f"{base}/feature_authorizations/6")
    assert (await fetch(routes, f"{base}/featured_collections"))["items"] == [found["id"]]
    consent = await fetch(routes, item["featureAuthorization"])
    assert (consent["interactingObject"], consent["interactionTarget"]) == (found["id"], bob.id)
    await here.append(CollectionMembershipRevoked(collection_id=5, item_id=6))
    here.fold()
    assert (await get(routes, path(item["featureAuthorization"]))).status == 404
    assert (await fetch(routes, found["id"]))["orderedItems"] == []
    for unknown in (
        f"{bob.id}/collections/7",
        f"{bob.id}/collections/x",
        f"{SITE.base_url}/ap/users/1/featured_collections",
    ):
        assert (await get(routes, path(unknown))).status == 404


async def test_numbers_lead_to_names(here: Here, routes: list[BaseRoute], bob: Person, alice: FakeActor) -> None:
    numbered = f"/ap/users/{bob.account_id}"
    for asked, led in ((numbered, bob.id), (f"{numbered}/statuses/7", f"{bob.id}/statuses/7")):
        answer = await get(routes, asked)
        assert (answer.status, answer.headers["location"]) == (301, led)
    ((theirs,),) = await here.rows("SELECT id FROM read.accounts WHERE uri = %s", alice.id)
    for unknown in (f"/ap/users/{theirs}", "/ap/users/1", "/ap/users/x", f"{numbered}/statuses/x"):
        assert (await get(routes, unknown)).status == 404
