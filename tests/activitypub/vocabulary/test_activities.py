"""Activities of each kind of server, and what they claim; and the lies that are refused."""

from typing import Any

import pytest

from fedi.activitypub.vocabulary import claims
from fedi.activitypub.vocabulary.activities import actor_of, read_activity, supported
from fedi.errors import PeerError
from tests.support.documents import fixture

ADA = "https://mastodon.test/users/ada"
BOB = "https://here.test/users/bob"


def one(name: str) -> claims.Claim:
    (claim,) = read_activity(fixture(name))
    return claim


def refused(document: dict[str, Any], reason: str) -> bool:
    with pytest.raises(PeerError) as caught:
        read_activity(document)
    return (caught.value.status, caught.value.reason) == (400, reason)


def test_every_type_of_this_slice_is_found() -> None:
    expected = (
        "Accept Add Announce AnnounceRequest Block Create Delete EmojiReact FeatureRequest Flag Follow Like "
        "LikeRequest Move QuoteRequest Reject Remove ReplyRequest Undo Update"
    )
    assert " ".join(supported()) == expected


def test_a_created_note_is_posted() -> None:
    claim = one("mastodon_create_note")
    assert isinstance(claim, claims.Posted)
    assert (claim.post.uri, claim.post.author) == (f"{ADA}/statuses/111", ADA)


def test_a_vote_is_no_post() -> None:
    assert one("mastodon_create_vote") == claims.Voted(poll=f"{BOB}/statuses/5", option="yes")


def test_an_object_that_is_only_named_is_a_hint_if_it_is_of_the_same_origin() -> None:
    document = fixture("gotosocial_create_bare")
    uri = document["object"]
    assert read_activity(document) == (claims.Hinted(uri=uri),)
    assert read_activity(document | {"type": "Update"}) == (claims.Hinted(uri=uri, changed=True),)
    for kind in ("Create", "Update"):
        assert read_activity(document | {"type": kind, "object": f"{BOB}/statuses/1"}) == ()


def test_a_tombstone_is_deleted() -> None:
    assert one("mastodon_delete") == claims.Deleted(uri=f"{ADA}/statuses/111")


def test_a_boost_names_its_object() -> None:
    claim = one("mastodon_announce")
    assert isinstance(claim, claims.Boosted)
    assert (claim.uri, claim.object) == (f"{ADA}/statuses/113/activity", "https://other.test/notes/9")
    assert claim.published is not None


def test_an_own_private_post_is_read_from_its_boost() -> None:
    posted, boosted = read_activity(fixture("mastodon_announce_own_private"))
    assert isinstance(posted, claims.Posted)
    assert isinstance(boosted, claims.Boosted)
    assert posted.post.uri == boosted.object == f"{ADA}/statuses/100"


def test_somebody_elses_embedded_post_is_only_named() -> None:
    document = fixture("mastodon_announce_own_private")
    document["object"]["attributedTo"] = "https://mastodon.test/users/eve"
    assert [type(claim) for claim in read_activity(document)] == [claims.Boosted]


def test_a_community_boosts_the_post_and_not_the_activity() -> None:
    claim = one("lemmy_announce_create")
    assert isinstance(claim, claims.Boosted)
    assert claim.object == "https://lemmy.test/post/7"


def announced(kind: str, obj: Any, **more: Any) -> tuple[claims.Claim, ...]:
    inner = {"id": "https://other.test/acts/1", "type": kind, "actor": "https://other.test/u/eve", "object": obj}
    return read_activity(fixture("lemmy_announce_delete") | {"object": inner | more})


def test_other_announced_activities_are_hints_and_nobodys_word() -> None:
    post, like = "https://other.test/notes/9", "https://other.test/acts/1"
    assert read_activity(fixture("lemmy_announce_comment")) == (claims.Hinted(uri="https://lemmy.test/comment/1"),)
    assert announced("Update", {"id": post, "type": "Page"}) == (claims.Hinted(uri=post, changed=True),)
    gone = (claims.Undone(object="", kind="Announce", target=post), claims.Hinted(uri=post, changed=True))
    assert announced("Delete", post) == gone
    assert announced("Delete", {"id": post, "type": "Tombstone"}) == gone
    assert announced("Undo", {"type": "Delete", "object": post}) == (claims.Hinted(uri=post, changed=True),)
    assert announced("Like", post) == announced("EmojiReact", post) == (claims.Hinted(uri=like, about=post),)


@pytest.mark.parametrize("kind", ["Dislike", "Undo", "Add", "Remove", "Block", "Lock", "Flag", "Follow", "Move"])
def test_the_rest_of_what_is_announced_means_nothing(kind: str) -> None:
    assert announced(kind, "https://other.test/notes/9") == ()


@pytest.mark.parametrize("kind", ["Dislike", "Join", "Leave", "Invite", "Offer", "Listen", "Read", "View", "Lock"])
def test_what_has_no_meaning_here_claims_nothing(kind: str) -> None:
    activity = fixture("mastodon_announce") | {"type": kind}
    assert read_activity(activity) == ()
    assert read_activity(fixture("mastodon_undo_follow") | {"object": activity}) == ()


def test_a_report_names_accounts_and_posts() -> None:
    claim = one("mastodon_flag")
    assert isinstance(claim, claims.Reported)
    assert (claim.objects, claim.comment) == ((BOB, f"{BOB}/statuses/5"), "This is spam")
    assert read_activity(fixture("mastodon_flag") | {"object": []}) == ()
    many = fixture("mastodon_flag") | {"object": [f"{BOB}/statuses/{n}" for n in range(500)], "content": "x" * 9000}
    (cut,) = read_activity(many)
    assert isinstance(cut, claims.Reported)
    assert (len(cut.objects), len(cut.comment)) == (100, 5000)


def test_an_undone_follow() -> None:
    assert one("mastodon_undo_follow") == claims.Undone(object=f"{ADA}#follows/1", kind="Follow", target=BOB)


def test_an_undo_of_a_mere_id() -> None:
    document = fixture("mastodon_undo_follow") | {"object": f"{ADA}#follows/1"}
    assert read_activity(document) == (claims.Undone(object=f"{ADA}#follows/1"),)


def test_an_undo_of_what_is_not_supported() -> None:
    document = fixture("mastodon_undo_follow")
    document["object"]["type"] = "Dislike"
    assert read_activity(document) == ()


def test_an_accepted_follow() -> None:
    assert one("mastodon_accept_follow") == claims.Answered(
        accepted=True, object=f"{BOB}#follows/1", asker=BOB, asked=ADA
    )


def test_a_rejected_follow_by_id() -> None:
    document = fixture("mastodon_accept_follow") | {"type": "Reject", "object": f"{BOB}#follows/1"}
    assert read_activity(document) == (claims.Answered(accepted=False, object=f"{BOB}#follows/1"),)


def test_an_answer_to_something_else() -> None:
    document = fixture("mastodon_accept_follow")
    document["object"]["type"] = "Join"
    assert read_activity(document) == ()


def test_a_changed_profile() -> None:
    claim = one("mastodon_update_person")
    assert isinstance(claim, claims.ActorDescribed)
    assert claim.profile.uri == ADA


def test_a_changed_post() -> None:
    document = fixture("mastodon_create_note") | {"type": "Update"}
    (claim,) = read_activity(document)
    assert isinstance(claim, claims.Edited)


def test_a_pin_and_its_end() -> None:
    pin = fixture("mastodon_add_pin")
    target, post = pin["target"], pin["object"]
    assert read_activity(pin) == (claims.Pinned(object=post, target=target, pinned=True),)
    assert read_activity(pin | {"type": "Remove"}) == (claims.Pinned(object=post, target=target, pinned=False),)


def test_another_servers_collection_is_not_changed() -> None:
    assert read_activity(fixture("mastodon_add_pin") | {"target": "https://other.test/featured"}) == ()


def test_reactions() -> None:
    assert one("misskey_like") == claims.Favourited(
        uri="https://misskey.test/likes/9x", object=f"{BOB}/statuses/5", emoji=":blobcat:"
    )
    fire = one("pleroma_emoji_react")
    assert isinstance(fire, claims.Favourited)
    assert fire.emoji == "🔥"


def test_a_reaction_with_a_sentence_is_none() -> None:
    assert read_activity(fixture("pleroma_emoji_react") | {"content": "so hot"}) == ()
    plain = fixture("misskey_like") | {"content": "<b>", "_misskey_reaction": None}
    (claim,) = read_activity(plain)
    assert isinstance(claim, claims.Favourited)
    assert claim.emoji == ""


def test_follow_and_block() -> None:
    follow = fixture("misskey_follow")
    assert read_activity(follow) == (claims.FollowAsked(uri=follow["id"], object=BOB),)
    assert read_activity(follow | {"type": "Block"}) == (claims.Blocked(uri=follow["id"], object=BOB),)


def test_a_relay_is_not_followed() -> None:
    assert read_activity(fixture("misskey_follow") | {"object": "as:Public"}) == ()


def test_unknown_types_claim_nothing_whoever_says_it() -> None:
    assert read_activity({"type": "Dislike", "actor": 5}) == ()


def test_the_actor_may_be_embedded() -> None:
    assert actor_of({"actor": [{"id": "https://HERE.test/users/bob", "type": "Person"}]}) == BOB


# SECURITY A, origin and ownership


def test_s_007_an_activity_of_another_origin_is_refused() -> None:
    assert refused(fixture("misskey_like") | {"id": "https://good.test/act/7"}, "not_owner")


def test_an_activity_id_that_is_no_address_is_refused() -> None:
    assert refused(fixture("misskey_like") | {"id": "x"}, "malformed")


def test_s_011_an_update_of_another_origin_is_refused() -> None:
    document = fixture("mastodon_create_note") | {"type": "Update"}
    document["object"]["id"] = "https://good.test/notes/1"
    assert refused(document, "not_owner")


def test_s_013_nobody_describes_another_actor() -> None:
    document = fixture("mastodon_update_person")
    document["object"]["id"] = "https://mastodon.test/users/alice"
    assert refused(document, "not_owner")


@pytest.mark.parametrize("author", ["https://mastodon.test/users/alice", "https://good.test/users/alice"])
def test_s_016_nobody_posts_in_anothers_name(author: str) -> None:
    document = fixture("mastodon_create_note")
    document["object"]["attributedTo"] = author
    assert refused(document, "not_owner")


def test_s_016_nobody_puts_a_post_under_the_id_of_another_server() -> None:
    document = fixture("mastodon_create_note")
    document["object"]["id"] = "https://good.test/notes/1"
    assert refused(document, "not_owner")


@pytest.mark.parametrize(
    ("kind", "claimed"),
    [
        ("Delete", (claims.Undone, claims.Hinted)),
        ("Update", (claims.Hinted,)),
        ("Undo", ()),
        ("Accept", ()),
        ("Move", ()),
    ],
)
def test_s_017_what_is_announced_is_read_as_a_hint_at_most(kind: str, claimed: tuple[type, ...]) -> None:
    victim = "https://good.test/users/alice"
    post = {"id": f"{victim}/1", "type": "Note", "attributedTo": victim, "content": "forged"}
    nested = {"id": f"{victim}/acts/1", "type": kind, "actor": victim, "object": post}
    document = fixture("mastodon_announce") | {"object": nested}
    assert tuple(type(each) for each in read_activity(document)) == claimed


def test_nobody_votes_in_anothers_name() -> None:
    document = fixture("mastodon_create_vote")
    document["object"]["attributedTo"] = "https://mastodon.test/users/alice"
    assert refused(document, "not_owner")


def test_nobody_deletes_what_is_elsewhere() -> None:
    assert refused(fixture("mastodon_delete") | {"object": "https://good.test/notes/1"}, "not_owner")


def test_nobody_undoes_what_another_did() -> None:
    document = fixture("mastodon_undo_follow")
    document["object"]["actor"] = "https://mastodon.test/users/alice"
    assert refused(document, "not_owner")
    assert refused(fixture("mastodon_undo_follow") | {"object": "https://good.test/follows/1"}, "not_owner")


def test_s_118_nobody_accepts_for_another() -> None:
    document = fixture("mastodon_accept_follow")
    document["object"]["object"] = "https://mastodon.test/users/alice"
    assert refused(document, "not_owner")


@pytest.mark.parametrize("name", ["misskey_like", "misskey_follow", "mastodon_delete", "mastodon_accept_follow"])
def test_an_activity_without_its_object_is_malformed(name: str) -> None:
    assert refused(fixture(name) | {"object": None}, "malformed")
