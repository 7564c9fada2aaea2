"""Fetched documents of any kind."""

import re
from pathlib import Path

import pytest

from fedi.activitypub.vocabulary import claims, kinds
from fedi.activitypub.vocabulary.activities import supported
from fedi.activitypub.vocabulary.documents import read_document
from fedi.errors import PeerError
from tests.support.documents import fixture

ADA = "https://mastodon.test/users/ada"


def test_an_outbox_lists_posts_and_boosts() -> None:
    assert read_document(fixture("mastodon_outbox")) == claims.CollectionDescribed(
        uri=f"{ADA}/outbox?page=true",
        total=None,
        items=(f"{ADA}/statuses/111", f"{ADA}/statuses/113/activity"),
        next=f"{ADA}/outbox?max_id=1&page=true",
    )


def test_followers_are_counted() -> None:
    assert read_document(fixture("mastodon_followers")) == claims.CollectionDescribed(
        uri=f"{ADA}/followers", total=42, items=(), first=f"{ADA}/followers?page=1"
    )


@pytest.mark.parametrize(("stated", "total"), [(-5, 0), (10**18, 2**31 - 1), ("many", None), (True, None), (2.0, 2)])
def test_s_145_forged_totals_are_clamped(stated: object, total: int | None) -> None:
    claim = read_document(fixture("mastodon_followers") | {"totalItems": stated})
    assert isinstance(claim, claims.CollectionDescribed)
    assert claim.total == total


def test_an_embedded_first_page_is_read() -> None:
    first = {
        "type": "CollectionPage",
        "items": [f"{ADA}/statuses/1", {"id": f"{ADA}/statuses/2"}],
        "next": f"{ADA}/next",
    }
    claim = read_document({"id": f"{ADA}/statuses/0/replies", "type": "Collection", "first": first})
    assert isinstance(claim, claims.CollectionDescribed)
    assert (claim.items, claim.first, claim.next) == ((f"{ADA}/statuses/1", f"{ADA}/statuses/2"), "", f"{ADA}/next")


def test_a_collection_lists_no_more_than_fits() -> None:
    claim = read_document(
        fixture("mastodon_followers") | {"orderedItems": [f"https://x.test/{n}" for n in range(9_999)]}
    )
    assert isinstance(claim, claims.CollectionDescribed)
    assert len(claim.items) == 200


def test_actors_posts_and_tombstones() -> None:
    assert isinstance(read_document(fixture("mastodon_person")), claims.ActorDescribed)
    assert isinstance(read_document(fixture("pleroma_note")), claims.Posted)
    assert isinstance(read_document(fixture("mastodon_create_note")), claims.Posted)
    assert read_document({"id": f"{ADA}/statuses/1", "type": "Tombstone"}) == claims.Deleted(uri=f"{ADA}/statuses/1")


@pytest.mark.parametrize("kind", ["Dislike", "Emoji", "FeatureAuthorization", "Link", "Place", "FlagRequest"])
def test_other_things_are_nothing(kind: str) -> None:
    assert read_document(fixture("pleroma_note") | {"type": kind}) is None


def test_a_fetched_like_is_its_actors_word() -> None:
    like = fixture("misskey_like")
    assert read_document(like) == claims.Favourited(uri=like["id"], object=like["object"], emoji=":blobcat:")
    with pytest.raises(PeerError):
        read_document(like | {"actor": "https://other.test/users/eve"})


def test_a_fetched_vote_is_nobodys_to_read() -> None:
    assert read_document(fixture("mastodon_create_vote")["object"]) is None


def test_a_fetched_create_is_held_to_its_actor() -> None:
    document = fixture("mastodon_create_note") | {"actor": "https://mastodon.test/users/eve"}
    with pytest.raises(PeerError) as caught:
        read_document(document)
    assert caught.value.reason == "not_owner"


def test_the_page_on_federation_names_every_type_that_is_read() -> None:
    page = (Path(__file__).parents[3] / "docs" / "federation.md").read_text()
    named = set(re.findall(r"[A-Z][A-Za-z]+", "".join(line for line in page.splitlines() if line.startswith("|"))))
    pages = {"CollectionPage", "OrderedCollectionPage"}
    assert {*kinds.NOTES, *kinds.CONVERTED, *kinds.ACTORS, *(kinds.COLLECTIONS - pages), *supported()} <= named
