"""Collections between servers (FEP-7aa9): asking who lives elsewhere, their answers, stamps and their end; and news."""

from typing import Any

import msgspec
import pytest

from fedi.activitypub.vocabulary.activities import read_activity
from fedi.activitypub.vocabulary.claims import CollectionShown, CollectionTold
from fedi.activitypub.vocabulary.documents import read_document
from fedi.activitypub.vocabulary.rendering import featured
from fedi.clock import now
from fedi.effects.answer import Answer
from fedi.effects.deliver import Deliver
from fedi.errors import PeerError
from fedi.events.activities import ActivityPublished
from fedi.events.collections import (
    CollectionAccountAdded,
    CollectionAccountRemoved,
    CollectionDeleted,
    CollectionSaved,
)
from fedi.views import collections
from tests.support.fake_actor import FakeActor
from tests.support.fake_remote import FakeRemote
from tests.support.here import SITE, Document, Here, Person

NUMBER, ITEM = 77, 78
ITEMS = "SELECT state, stamp FROM read.collection_items"
SENT = "SELECT d.kind, i.url FROM effects.deliveries d JOIN effects.inboxes i ON i.id = d.inbox_id"


async def news(here: Here) -> list[Document]:
    """Let the server act, and return what it says that was caused by something."""
    await here.run(Answer(here.appender, here.means.site), Deliver(here.borders, now))
    await here.run(Answer(here.appender, here.means.site), Deliver(here.borders, now))
    found = await here.rows(
        "SELECT state FROM log.events WHERE topic = 'activity.published' AND cause IS NOT NULL ORDER BY notification_id"
    )
    return [msgspec.json.decode(msgspec.json.decode(state, type=ActivityPublished).document) for (state,) in found]


async def asked(here: Here, owner: Person, member: FakeActor) -> Document:
    """Put somebody elsewhere into a collection; return the request."""
    await here.meet(member.document())
    here.fold()
    ((member_id,),) = await here.rows("SELECT id FROM read.accounts WHERE uri = %s", member.id)
    await here.append(CollectionSaved(collection_id=NUMBER, account_id=owner.account_id, name="Cats", tag="cats"))
    await here.append(
        CollectionAccountAdded(
            collection_id=NUMBER, item_id=ITEM, account_id=owner.account_id, member_id=member_id, pending=True
        )
    )
    request = {"id": f"{owner.id}#feature_requests/{ITEM}", "instrument": f"{owner.id}/collections/{NUMBER}"}
    await here.say(owner, "FeatureRequest", member.id, to=[member.id], **request)
    here.fold()
    return {**request, "type": "FeatureRequest", "actor": owner.id, "object": member.id}


def yes(member: FakeActor, request: Any, **fields: Any) -> Document:
    return member.activity("Accept", request, result=f"{member.id}/feature_authorizations/1", **fields)


@pytest.mark.parametrize("embedded", [True, False])
async def test_who_says_yes_stands_there_until_they_take_it_back(here: Here, there: FakeRemote, embedded: bool) -> None:
    alice, zoe = await here.person("alice"), there.actor("zoe")
    request = await asked(here, alice, zoe)
    assert await here.rows(ITEMS) == [("pending", "")]
    answer = yes(zoe, request if embedded else request["id"])
    await here.hear(answer)
    here.fold()
    assert await here.rows(ITEMS) == [("accepted", answer["result"])]
    told = await news(here)
    item = told[-1]["object"]["orderedItems"][0]
    assert (item["featuredObject"], item["featureAuthorization"]) == (zoe.id, answer["result"])
    await here.hear(zoe.delete(answer["result"]))
    here.fold()
    assert [state for state, _ in await here.rows(ITEMS)] == ["revoked"]
    assert (await news(here))[-1]["object"]["totalItems"] == 0
    await here.hear(yes(zoe, request["id"]) | {"id": f"{zoe.id}#late"})
    here.fold()
    assert [state for state, _ in await here.rows(ITEMS)] == ["revoked"]


async def test_who_says_no_does_not_stand_there(here: Here, there: FakeRemote) -> None:
    alice, zoe = await here.person("alice"), there.actor("zoe")
    await here.hear(zoe.activity("Reject", await asked(here, alice, zoe)))
    here.fold()
    assert await here.rows(ITEMS) == [("rejected", "")]


async def test_nobody_answers_for_another_and_a_yes_wants_a_stamp(here: Here, there: FakeRemote) -> None:
    alice, zoe, eve = await here.person("alice"), there.actor("zoe"), there.actor("eve")
    await here.meet(eve.document())
    request = await asked(here, alice, zoe)
    forged = yes(eve, request)
    for answer in (
        forged,
        eve.activity("Reject", request["id"]),
        eve.delete(f"{zoe.id}/feature_authorizations/1"),
        zoe.activity("Accept", request),
        yes(zoe, {**request, "id": "", "instrument": f"{zoe.id}/collections/{NUMBER}"}),
        yes(zoe, {**request, "id": "", "instrument": f"{alice.id}/collections/{NUMBER}9"}),
        yes(zoe, {**request, "id": "", "instrument": f"{alice.id}/collections/x"}),
    ):
        await here.hear(answer)
    here.fold()
    assert await here.rows(ITEMS) == [("pending", "")]


async def test_the_request_goes_to_who_is_asked_and_the_news_to_followers(here: Here, there: FakeRemote) -> None:
    alice, zoe, fan = await here.person("alice"), there.actor("zoe"), there.actor("fan")
    await here.meet(fan.document())
    await here.hear(fan.follow(alice.id))
    await news(here)
    await asked(here, alice, zoe)
    told = [each for each in await news(here) if each["type"] != "Accept"]
    assert [(each["type"], each["object"]["id"]) for each in told] == [("Add", f"{alice.id}/collections/{NUMBER}")]
    added = told[0]
    assert added["target"] == f"{alice.id}/collections/recommended"
    assert (added["object"]["name"], added["object"]["totalItems"]) == ("Cats", 0)
    assert (added["object"]["type"], added["object"]["topic"]["name"]) == ("FeaturedCollection", "#cats")
    sent = await here.rows(SENT)
    assert ("FeatureRequest", zoe.inbox) in sent
    assert [kind for kind, _ in sent].count("Add") == 1
    await here.append(CollectionAccountRemoved(collection_id=NUMBER, item_id=ITEM))
    await here.append(CollectionDeleted(collection_id=NUMBER, account_id=alice.account_id))
    assert [each["type"] for each in await news(here) if each["type"] != "Accept"] == ["Add", "Remove"]


async def test_what_is_not_to_be_discovered_is_no_news(here: Here) -> None:
    alice = await here.person("alice")
    hidden = CollectionSaved(collection_id=NUMBER, account_id=alice.account_id, name="Mine", discoverable=False)
    await here.append(hidden)
    assert await news(here) == []


@pytest.mark.parametrize("kind", ["Add", "Remove", "Update"])
def test_collections_of_others_are_neither_pins_nor_posts(kind: str) -> None:
    zoe = "https://b.example/users/zoe"
    collection = {"id": f"{zoe}/collections/1", "type": "FeaturedCollection", "attributedTo": zoe, "name": "x"}
    told = {"id": f"{zoe}#1", "type": kind, "actor": zoe, "object": collection, "target": f"{zoe}/recommended"}
    expected: list[type] = [CollectionTold] if kind == "Remove" else [CollectionTold, CollectionShown]
    assert [type(claim) for claim in read_activity(told)] == expected


def foreign(owner: FakeActor, **fields: Any) -> Document:
    return {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{owner.id}/lists/1",
        "type": "FeaturedCollection",
        "attributedTo": owner.id,
        "name": "Dogs",
        "summaryMap": {"de": "die bellen"},
        "discoverable": True,
        "topic": {"type": "Hashtag", "name": "#Dogs"},
        **fields,
    }


async def invited(here: Here, owner: FakeActor, member: Person, number: int = 1) -> Document:
    """Ask somebody here to stand in the collection of somebody elsewhere; return the answer."""
    ask = owner.activity("FeatureRequest", member.id, instrument=f"{owner.id}/lists/1", to=[member.id])
    await here.hear(ask | {"id": f"{owner.id}#ask/{number}"})
    answer = (await news(here))[-1]
    assert answer["object"]["id"] == f"{owner.id}#ask/{number}"
    here.fold()
    return answer


async def test_who_lets_themselves_be_found_stands_in_collections_of_others_and_may_leave(
    here: Here, there: FakeRemote
) -> None:
    alice, zoe, eve = await here.person("alice", discoverable=True), there.actor("zoe"), there.actor("eve")
    await here.meet(zoe.document())
    await here.meet(eve.document())
    answer = await invited(here, zoe, alice)
    assert (answer["type"], answer["actor"], answer["to"]) == ("Accept", alice.id, [zoe.id])
    assert answer["object"]["instrument"] == f"{zoe.id}/lists/1"
    stamp = answer["result"]
    assert stamp.startswith(f"{SITE.base_url}/ap/users/{alice.account_id}/feature_authorizations/")
    async with here.pool.connection() as connection:
        shown = await collections.authorization(connection, alice.account_id, int(stamp.rpartition("/")[2]))
    assert shown is not None
    assert (shown.collection_uri, shown.member_uri) == (f"{zoe.id}/lists/1", alice.id)
    told = await here.rows("SELECT type, account_id, collection_id IS NOT NULL FROM read.notifications")
    assert told == [("added_to_collection", alice.account_id, True)]
    again = await invited(here, zoe, alice, 2)
    assert again["result"] == stamp

    await here.hear(eve.activity("Update", foreign(zoe, name="Lies")))
    await here.meet(foreign(zoe))
    here.fold()
    rows = "SELECT name, description, language, tag, uri FROM read.collections"
    assert await here.rows(rows) == [("Dogs", "die bellen", "de", "dogs", f"{zoe.id}/lists/1")]
    await here.hear(zoe.activity("Update", foreign(zoe, name="Big dogs")))
    here.fold()
    assert (await here.rows(rows))[0][0] == "Big dogs"

    document = featured.delete_feature(alice.id, zoe.id, stamp)
    await here.say(alice, "Delete", stamp, to=document["to"], id=document["id"])
    here.fold()
    assert await here.rows(ITEMS) == [("revoked", stamp)]
    async with here.pool.connection() as connection:
        assert await collections.authorization(connection, alice.account_id, int(stamp.rpartition("/")[2])) is None
    assert (await invited(here, zoe, alice, 3))["type"] == "Reject"
    await here.hear(zoe.activity("Remove", foreign(zoe)) | {"target": f"{zoe.id}/lists"})
    here.fold()
    assert await here.rows(rows) == []


async def test_who_hides_or_blocks_is_not_recommended(here: Here, there: FakeRemote) -> None:
    shy, zoe = await here.person("shy"), there.actor("zoe")
    blocker = await here.person("blocker", discoverable=True)
    await here.meet(zoe.document())
    await here.say(blocker, "Block", zoe.id)
    for number, person in enumerate((shy, blocker)):
        assert (await invited(here, zoe, person, number))["type"] == "Reject"
    assert await here.rows(ITEMS) == []


@pytest.mark.parametrize("fields", [{"attributedTo": "https://other.example/users/x"}, {"attributedTo": None}])
def test_a_collection_of_another_origin_than_its_owner_is_refused(fields: dict[str, Any]) -> None:
    document = {"id": "https://b.example/1", "type": "FeaturedCollection", "name": "x", **fields}
    with pytest.raises(PeerError):
        read_document(document)
