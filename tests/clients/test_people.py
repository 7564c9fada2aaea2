"""People: who they are, how they stand to each other, and what they keep about each other."""

import pytest
from mastodon import MastodonAPIError, MastodonNotFoundError
from mastodon.return_types import Account, FamiliarFollowers, Relationship, Report, UserList

from tests.clients.conftest import Life, is_a
from tests.support.phone import picture
from tests.support.whole import eventually


def test_a_profile_is_furnished(life: Life) -> None:
    ada = life.ada
    changed = ada.account_update_credentials(
        display_name="Ada L.",
        note="Counts\nthings",
        fields=[("home", "https://ada.example"), ("pronouns", "she")],
        avatar=picture(),
        avatar_mime_type="image/png",
        discoverable=True,
        indexable=True,
        default_privacy="unlisted",
        default_language="en",
        default_quote_policy="followers",
    )
    assert is_a(Account, changed)
    assert (changed.display_name, changed.source.note, changed.source.quote_policy) == (
        "Ada L.",
        "Counts\nthings",
        "followers",
    )
    assert [(each.name, each.verified_at) for each in changed.fields] == [("home", None), ("pronouns", None)]
    assert changed.avatar.endswith(".png")
    assert ada.preferences()["posting:default:visibility"] == "unlisted"
    ada.account_update_credentials(default_privacy="public", default_quote_policy="public")
    assert ada.profile_update(display_name="Ada").display_name == "Ada"
    assert ada.profile().note == "Counts\nthings"
    assert not ada.account_delete_avatar().avatar.endswith(changed.avatar[-20:])
    assert ada.status(ada.status_post("Here I am")).account.acct == "ada"  # her own read waits until all can read it
    assert [each.acct for each in life.bob.directory(local=True)] == ["ada"]
    assert life.bob.account_lookup("ada").id == ada.me().id
    assert [each.id for each in life.bob.account_search("@ada")] == [ada.me().id]
    assert [each.id for each in life.bob.accounts([ada.me(), life.cora.me()])] == [ada.me().id, life.cora.me().id]


def test_somebody_is_followed_and_left(life: Life) -> None:
    ada, bob, cora = life.ada, life.bob, life.cora
    followed = bob.account_follow(ada.me(), reblogs=False, notify=True)
    assert is_a(Relationship, followed)
    assert (followed.following, followed.showing_reblogs, followed.notifying) == (True, False, True)
    assert [each.acct for each in ada.account_followers(ada.me())] == ["bob"]
    assert [each.acct for each in bob.account_following(bob.me())] == ["ada"]
    cora.account_follow(bob.me())
    (familiar,) = cora.account_familiar_followers(ada.me())
    assert is_a(FamiliarFollowers, familiar)
    assert (familiar.id, [each.acct for each in familiar.accounts]) == (ada.me().id, ["bob"])
    assert bob.account_endorse(ada.me()).endorsed
    assert [each.acct for each in bob.endorsements()] == ["ada"]
    assert not bob.account_unendorse(ada.me()).endorsed
    assert bob.account_note_set(ada.me(), "met in Ghent").note == "met in Ghent"
    assert not ada.account_remove_from_followers(bob.me()).followed_by
    assert not eventually(lambda: bob.account_relationships([ada.me()]))[0].following
    cora.account_unfollow(bob.me())


def test_who_is_locked_is_asked(life: Life) -> None:
    ada, bob, cora = life.ada, life.bob, life.cora
    ada.account_update_credentials(locked=True)
    for who in (bob, cora):
        assert who.account_follow(ada.me()).requested
    assert sorted(each.acct for each in ada.follow_requests()) == ["bob", "cora"]
    assert ada.follow_request_authorize(bob.me()).followed_by
    assert not ada.follow_request_reject(cora.me()).followed_by
    assert ada.follow_requests() == []
    assert eventually(lambda: bob.account_relationships(ada.me())[0].following)
    ada.account_update_credentials(locked=False)
    bob.account_unfollow(ada.me())


def test_somebody_is_muted_blocked_and_found_again(life: Life) -> None:
    ada, bob = life.ada, life.bob
    muted = ada.account_mute(bob.me(), notifications=False, duration=600)
    assert (muted.muting, muted.muting_notifications) == (True, False)
    (listed,) = ada.mutes()
    assert (listed.acct, listed.mute_expires_at is not None) == ("bob", True)
    assert not ada.account_unmute(bob.me()).muting
    assert ada.account_block(bob.me()).blocking
    assert [each.acct for each in ada.blocks()] == ["bob"]
    assert [each.acct for each in ada.account_search("bob")] == ["bob"]
    assert not ada.account_unblock(bob.me()).blocking
    ada.domain_block("bad.example")
    assert ada.domain_blocks() == ["bad.example"]
    ada.domain_unblock("bad.example")
    assert ada.domain_blocks() == []


def test_people_are_listed(life: Life) -> None:
    ada, bob = life.ada, life.bob
    ada.account_follow(bob.me())
    made = ada.list_create("Friends", replies_policy="followed", exclusive=True)
    assert is_a(UserList, made)
    assert (made.title, made.replies_policy, made.exclusive) == ("Friends", "followed", True)
    ada.list_accounts_add(made, [bob.me()])
    assert [each.acct for each in ada.list_accounts(made)] == ["bob"]
    assert [each.id for each in ada.account_lists(bob.me())] == [made.id]
    post = bob.status_post("For the list")
    assert [each.id for each in eventually(lambda: ada.timeline_list(made))] == [post.id]
    assert ada.list_update(made, "Best friends").title == "Best friends"
    ada.list_accounts_delete(made, [bob.me()])
    assert ada.list_accounts(made) == []
    ada.list_delete(made)
    with pytest.raises(MastodonNotFoundError):
        ada.list(made)


def test_collections_are_curated(life: Life) -> None:
    ada, bob = life.ada, life.bob
    bob.account_update_credentials(discoverable=True)
    ada.account_follow(bob.me())
    made = ada.collection_create("Painters", description="who paint").collection
    item = ada.collection_item_add(made, bob.me()).collection_item
    assert [each.acct for each in ada.collection(made).accounts if each.acct != "ada"] == ["bob"]
    assert ada.collection_update(made, name="Poets").collection.name == "Poets"
    assert [each.name for each in bob.account_in_collections(None).collections] == ["Poets"]
    bob.collection_item_revoke(made, item)
    assert eventually(lambda: ada.account_collections(ada.me()).collections[0].item_count == 0)
    ada.collection_delete(made)
    with pytest.raises(MastodonNotFoundError):
        ada.collection(made)


def test_hashtags_are_featured_and_followed(life: Life) -> None:
    ada, bob = life.ada, life.bob
    featured = ada.featured_tag_create("Gardening")
    post = ada.status_post("My #gardening")
    assert [(each.name, each.statuses_count) for each in bob.account_featured_tags(ada.me())] == [("Gardening", "1")]
    ada.status_post("and #cooking")
    assert "cooking" in [each.name for each in ada.featured_tag_suggestions()]
    ada.featured_tag_delete(featured)
    assert ada.tag_feature("cooking").featuring
    assert not ada.tag_unfeature("cooking").featuring
    assert bob.tag_follow("gardening").following
    assert [each.name for each in bob.followed_tags()] == ["gardening"]
    assert [each.id for each in bob.timeline_hashtag("gardening")] == [post.id]
    assert not bob.tag_unfollow("gardening").following


def test_somebody_is_reported(life: Life) -> None:
    post = life.bob.status_post("Buy now")
    made = life.ada.report(life.bob.me(), status_ids=[post], comment="spam", category="spam")
    assert is_a(Report, made)
    assert (made.category, made.comment, made.target_account.acct) == ("spam", "spam", "bob")
    assert [str(each) for each in made.status_ids] == [str(post.id)]


def test_suggestions_are_taken_back(life: Life) -> None:
    cora, bob = life.cora, life.bob
    cora.account_follow(life.ada.me())
    life.ada.account_follow(bob.me())
    found = eventually(cora.suggestions)
    assert [each.acct for each in found] == ["bob"]
    cora.suggestion_delete(bob.me())
    assert cora.suggestions() == []
    with pytest.raises(MastodonAPIError):
        cora.account_follow(cora.me())
