"""Erasure: nothing that a person wrote is left, and the fold still reads the same skeleton."""

from typing import Any

import pytest

from fedi.activitypub.vocabulary import claims
from fedi.activitypub.vocabulary.activities import read_activity
from fedi.activitypub.vocabulary.documents import read_document
from fedi.activitypub.vocabulary.stubs import MOST, VOTE, Gone, files_in, found_by, is_gone, left_of
from tests.support.documents import fixture, names

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


ADA, BOB = "https://a.example/users/ada", "https://b.example/users/bob"
POST = f"{ADA}/statuses/1"


def left(document: dict[str, Any]) -> dict[str, Any]:
    """Return what is left when everybody is gone whose words a document has."""
    return left_of(document, Gone(actors=found_by(document)))


def note(**more: Any) -> dict[str, Any]:
    made = {"id": POST, "type": "Note", "attributedTo": ADA, "content": "secret", "to": [BOB]}
    return made | {"published": "2026-01-01T00:00:00Z"} | more


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


def test_the_ids_by_which_a_document_was_found_still_find_it() -> None:
    for name in names():
        assert found_by(left(fixture(name))) == found_by(fixture(name))


def test_what_others_say_around_a_copy_stays() -> None:
    quoting = note(id=f"{BOB}/2", attributedTo=BOB, content="mine", quote=note())
    stubbed = left_of({"type": "Create", "actor": BOB, "object": quoting}, Gone(posts={POST: ""}))
    assert stubbed["object"]["content"] == "mine"
    assert stubbed["object"]["quote"] == {
        key: note()[key] for key in ("id", "type", "attributedTo", "to", "published")
    } | {"erased": [POST, ADA]}


@pytest.mark.parametrize(
    "wrapped",
    [
        {"type": "Announce", "actor": BOB, "object": note()},
        {"type": "Announce", "actor": BOB, "object": {"type": "Create", "actor": ADA, "object": note()}},
        {"type": "QuoteRequest", "actor": ADA, "object": f"{BOB}/2", "instrument": note()},
        {"type": "Undo", "actor": BOB, "object": {"type": "Like", "actor": BOB, "object": note()}},
        {"type": "Delete", "actor": ADA, "object": note()},
        {"type": "Add", "actor": ADA, "object": note(), "target": f"{ADA}/featured"},
        {"type": "Flag", "actor": BOB, "object": [ADA, note()]},
        {"type": "OrderedCollection", "id": f"{ADA}/outbox", "orderedItems": [{"type": "Create", "object": note()}]},
        {"type": "Accept", "actor": BOB, "object": {"type": "QuoteRequest", "instrument": [note()]}},
        {"type": "Note", "id": f"{BOB}/3", "replies": {"first": {"items": [note()]}}},
    ],
    ids=lambda document: str(document["type"]),
)
def test_a_copy_is_found_and_goes_wherever_it_is(wrapped: dict[str, Any]) -> None:
    assert {POST, ADA} <= found_by(wrapped)
    assert "secret" not in str(left_of(wrapped, Gone(posts={POST: ""})))
    assert "secret" not in str(left_of(wrapped, Gone(actors=frozenset({ADA}))))
    assert left_of(wrapped, Gone(posts={f"{ADA}/statuses/2": ""})) == wrapped


def test_of_what_was_never_seen_only_its_author_s_own_copies_go() -> None:
    theirs = {"type": "Create", "actor": BOB, "object": note(attributedTo=BOB)}
    unseen = Gone(posts={POST: ADA})
    assert left_of(theirs, unseen) == theirs
    assert "secret" not in str(left_of({"type": "Create", "actor": ADA, "object": note()}, unseen))
    unsigned = {key: value for key, value in note().items() if key != "attributedTo"}
    assert "secret" not in str(left_of({"type": "Create", "actor": ADA, "object": unsigned}, unseen))


def test_a_vote_forgets_its_choice_with_the_poll_and_not_with_the_voter() -> None:
    vote = {"id": f"{BOB}/v", "type": "Note", "attributedTo": BOB, "name": "secret", "inReplyTo": POST}
    create = {"type": "Create", "actor": BOB, "object": vote}
    assert POST in found_by(create)
    assert left_of(create, Gone(posts={POST: ""}))["object"]["name"] == VOTE
    assert left_of(create, Gone(actors=frozenset({BOB})))["object"]["name"] == "secret"


def test_what_was_said_in_a_report_goes_with_the_reported_and_stays_with_a_post() -> None:
    flag = {"type": "Flag", "actor": BOB, "object": [ADA, POST], "content": "secret"}
    assert "content" in left_of(flag, Gone(posts={POST: ""}))
    assert "content" not in left_of(flag, Gone(posts={POST: ""}, actors=frozenset({ADA})))
    assert "content" in left_of(flag | {"object": [ADA, f"{BOB}/2"]}, Gone(actors=frozenset({ADA})))


def test_several_authors_lose_nothing_while_one_is_there() -> None:
    video = note(attributedTo=[ADA, BOB])
    assert left_of(video, Gone(actors=frozenset({ADA}))) == video
    assert "secret" not in str(left_of(video, Gone(actors=frozenset({ADA, BOB}))))


def test_a_tombstone_stays_as_it_is() -> None:
    delete = {"type": "Delete", "actor": ADA, "object": {"id": POST, "type": "Tombstone", "deleted": "2026"}}
    assert left_of(delete, Gone(posts={POST: ""})) == delete
    assert not is_gone(delete, Gone(posts={POST: ""}))


def test_what_has_no_words_stays_as_it_is_so_that_it_can_still_be_delivered() -> None:
    context = ["https://www.w3.org/ns/activitystreams", {"atomUri": "ostatus:atomUri"}]
    tombstone = {"id": POST, "type": "Tombstone", "atomUri": POST}
    for bare in (
        {"@context": context, "id": f"{POST}#delete", "type": "Delete", "actor": ADA, "object": tombstone},
        {"@context": context, "type": "Undo", "actor": ADA, "object": {"type": "Like", "actor": ADA, "object": POST}},
    ):
        assert left_of(bare, Gone(posts={POST: ""}, actors=frozenset({ADA}))) == bare


def test_the_files_of_what_is_gone_are_named() -> None:
    pictured = note(
        attachment=[{"type": "Document", "url": "https://a.example/1.png"}],
        icon={"url": [{"href": "https://a.example/2.png"}]},
    )
    around = {"type": "Announce", "actor": BOB, "object": pictured, "image": "https://b.example/3.png"}
    assert files_in(around, Gone(posts={POST: ""})) == {"https://a.example/1.png", "https://a.example/2.png"}
    assert files_in(around, Gone()) == frozenset()


def test_a_stranger_s_document_is_found_by_so_many_ids_and_no_more() -> None:
    crowd = {"type": "OrderedCollection", "orderedItems": [note(id=f"{POST}{n}") for n in range(2 * MOST)]}
    assert len(found_by(crowd)) == MOST
