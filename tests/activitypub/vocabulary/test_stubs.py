"""Erasure: nothing that a person wrote is left, and the fold still reads the same skeleton."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest

from fedi.activitypub.vocabulary import claims
from fedi.activitypub.vocabulary.activities import read_activity
from fedi.activitypub.vocabulary.documents import read_document
from fedi.activitypub.vocabulary.stubs import stub
from fedi.events import Event, Recorded, name_of
from fedi.events.accounts import AccountCreated
from fedi.events.activities import ActivityPublished, ActivityReceived, DocumentFetched
from fedi.events.statuses import StatusBookmarked
from tests.support.documents import fixture, names

NOW = datetime(2024, 5, 6, tzinfo=UTC)
WRITTEN = (
    "Hello",
    "mill",
    "Engines",
    "wave",
    "Notes on",
    "desk",
    "BEGIN PUBLIC",
    "headers",
    "Tea",
    "avatars",
    "blobcat",
)


def recorded(event: Event) -> Recorded:
    name, version = name_of(type(event))
    return Recorded(
        position=1, identity=UUID(int=0), name=name, version=version, recorded_at=NOW, cause=None, event=event
    )


def received(document: dict[str, Any]) -> ActivityReceived:
    raw = msgspec.Raw(msgspec.json.encode(document))
    return ActivityReceived(document=raw, actor=str(document.get("actor")), key="k", signed_at=NOW, digest="ab")


def left(document: dict[str, Any]) -> dict[str, Any]:
    event = stub(recorded(received(document)))
    assert isinstance(event, ActivityReceived)
    assert event.digest == ""
    decoded: dict[str, Any] = msgspec.json.decode(event.document)
    return decoded


@pytest.mark.parametrize("name", names())
def test_nothing_written_is_left_and_a_stub_stays_as_it_is(name: str) -> None:
    stubbed = left(fixture(name))
    assert not [word for word in WRITTEN if word in str(stubbed)]
    assert left(stubbed) == stubbed


@pytest.mark.parametrize("name", [name for name in names() if "create" in name or "announce" in name])
def test_a_post_keeps_its_place(name: str) -> None:
    before, after = read_activity(fixture(name)), read_activity(left(fixture(name)))
    assert [type(claim) for claim in before] == [type(claim) for claim in after]
    for old, new in zip(before, after, strict=True):
        if isinstance(old, claims.Posted) and isinstance(new, claims.Posted):
            for field in ("uri", "author", "kind", "published", "updated", "to", "cc", "in_reply_to"):
                assert getattr(new.post, field) == getattr(old.post, field)
            assert [mention.uri for mention in new.post.mentions] == [mention.uri for mention in old.post.mentions]
        else:
            assert new == old


@pytest.mark.parametrize(
    "name", ["mastodon_delete", "mastodon_undo_follow", "mastodon_accept_follow", "mastodon_add_pin"]
)
def test_other_activities_mean_the_same(name: str) -> None:
    assert read_activity(left(fixture(name))) == read_activity(fixture(name))


@pytest.mark.parametrize("name", ["mastodon_outbox", "mastodon_followers"])
def test_collections_list_the_same(name: str) -> None:
    assert read_document(left(fixture(name))) == read_document(fixture(name))


def test_an_actor_stays_an_actor() -> None:
    claim = read_document(left(fixture("mastodon_person")))
    assert isinstance(claim, claims.ActorDescribed)
    assert (claim.profile.username, claim.profile.inbox[-6:], claim.profile.display_name) == ("ada", "/inbox", "")
    assert claim.profile.keys == ()


def test_local_events_lose_what_the_document_did_not_carry() -> None:
    raw = msgspec.Raw(msgspec.json.encode(fixture("mastodon_create_note")))
    event = stub(
        recorded(
            ActivityPublished(
                document=raw, account_id=1, status_id=2, text="Hello", media_ids=(3,), application=("App", "")
            )
        )
    )
    assert isinstance(event, ActivityPublished)
    assert (event.account_id, event.status_id, event.text, event.media_ids, event.application) == (1, 2, None, (), None)


def test_fetched_and_first_documents_too() -> None:
    raw = msgspec.Raw(msgspec.json.encode(fixture("mastodon_person")))
    for event in (DocumentFetched(document=raw, url="u"), AccountCreated(account_id=1, username="ada", document=raw)):
        kept = stub(recorded(event))
        assert isinstance(kept, DocumentFetched | AccountCreated)
        assert b"Notes" not in bytes(kept.document)


def test_events_without_a_document_stay() -> None:
    event = StatusBookmarked(account_id=1, status_id=2)
    assert stub(recorded(event)) is event
