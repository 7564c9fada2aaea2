"""What people read: timelines, notifications, conversations, what they filter, search for and put a mark into."""

from datetime import timedelta
from typing import Any

import pytest
from mastodon import MastodonNotFoundError
from mastodon.return_types import Conversation, FilterV2, Notification, NotificationPolicy

from tests.clients.conftest import Life, is_a
from tests.support.whole import eventually


@pytest.fixture(scope="module", autouse=True)
def friends(life: Life) -> None:
    """Ada and Bob follow each other; Cora follows nobody."""
    life.ada.account_follow(life.bob.me())
    life.bob.account_follow(life.ada.me())


def told(who: Any, kind: str) -> Any:
    return eventually(lambda: next((each for each in who.notifications() if each.type == kind), None))


def test_timelines_are_leafed_through(life: Life) -> None:
    ada, bob = life.ada, life.bob
    posts = [bob.status_post(f"Number {number} #leaf") for number in range(5)]
    newest = [post.id for post in reversed(posts)]
    eventually(lambda: ada.timeline_home()[0].id == newest[0])
    for timeline in (ada.timeline_home, ada.timeline_local, lambda **page: ada.timeline_hashtag("leaf", **page)):
        first = timeline(limit=2)
        assert [each.id for each in first] == newest[:2]
        second = ada.fetch_next(first)
        assert [each.id for each in second] == newest[2:4]
        assert [each.id for each in ada.fetch_previous(second)] == newest[:2]
        assert [each.id for each in timeline(min_id=newest[-1], limit=2)] == newest[2:4]
        assert [each.id for each in timeline(since_id=newest[2])] == newest[:2]
    before = ada.timeline_home(max_id=posts[0].created_at - timedelta(seconds=1))
    assert not {each.id for each in before} & set(newest)
    assert [each.id for each in ada.fetch_remaining(ada.account_statuses(bob.me(), limit=2))][:5] == newest
    mark = ada.markers_set(["home"], [newest[1]])
    assert mark["home"].last_read_id == newest[1]
    assert ada.markers_get(["home"])["home"].version == mark["home"].version


def test_notifications_of_each_kind_are_read(life: Life) -> None:
    ada, bob = life.ada, life.bob
    post = ada.status_post("Notice me", poll=None)
    ada.notifications_clear()
    bob.status_favourite(post)
    bob.status_reblog(post)
    mention = bob.status_post("@ada hi")
    quoting = bob.status_post("Look", quoted_status_id=post)
    for kind, about in (("favourite", post), ("reblog", post), ("mention", mention), ("quote", quoting)):
        found = told(ada, kind)
        assert is_a(Notification, found)
        assert (found.account.acct, found.status.id) == ("bob", about.id)
        assert ada.notifications(found.id).type == kind
    assert ada.notifications_unread_count().count == 4
    assert [each.type for each in ada.notifications(types=["mention"])] == ["mention"]
    assert "mention" not in [each.type for each in ada.notifications(exclude_types=["mention"])]
    groups = ada.grouped_notifications(expand_accounts="partial_avatars")
    by_type = {each.type: each for each in groups.notification_groups}
    assert by_type.keys() == {"favourite", "reblog", "mention", "quote"}
    key = by_type["favourite"].group_key
    assert ada.grouped_notification(key).notification_groups[0].notifications_count == 1
    assert [each.acct for each in ada.grouped_notification_accounts(key)] == ["bob"]
    assert ada.unread_grouped_notifications_count() == 4 or ada.unread_grouped_notifications_count().count == 4
    ada.dismiss_grouped_notification(key)
    ada.notifications_dismiss(told(ada, "mention"))
    assert {each.type for each in ada.notifications()} == {"reblog", "quote"}
    ada.notifications_clear()
    assert ada.notifications() == []


def test_strangers_wait_as_the_policy_says(life: Life) -> None:
    ada, cora = life.ada, life.cora
    policy = ada.update_notifications_policy(for_not_following="filter", for_private_mentions="accept")
    assert is_a(NotificationPolicy, policy)
    assert policy.for_not_following == "filter"
    said = cora.status_post("@ada psst")
    (waiting,) = eventually(ada.notification_requests)
    assert (waiting.account.acct, waiting.last_status.id) == ("cora", said.id)
    assert ada.notification_request(waiting).id == waiting.id
    assert ada.notifications_policy().summary.pending_requests_count == 1
    ada.dismiss_multiple_notification_requests([waiting])
    assert ada.notification_requests() == []
    again = cora.status_post("@ada psst again")
    (waiting,) = eventually(ada.notification_requests)
    ada.accept_multiple_notification_requests([waiting])
    assert eventually(ada.notifications_merged)
    assert told(ada, "mention").status.id == again.id
    ada.update_notifications_policy(for_not_following="accept")


def test_letters_make_a_conversation(life: Life) -> None:
    ada, bob = life.ada, life.bob
    letter = bob.status_post("@ada dear", visibility="direct")
    (conversation,) = eventually(ada.conversations)
    assert is_a(Conversation, conversation)
    assert (conversation.unread, conversation.last_status.id) == (True, letter.id)
    assert [each.acct for each in conversation.accounts] == ["bob"]
    assert ada.conversations_read(conversation).unread is False
    assert letter.id not in [each.id for each in ada.timeline_public()]


def test_filters_catch_what_they_name(life: Life) -> None:
    ada, bob = life.ada, life.bob
    made = ada.create_filter_v2("Pets", ["home", "public"], "warn", keywords_attributes=[{"keyword": "hamster"}])
    assert is_a(FilterV2, made)
    assert (made.title, made.filter_action, made.keywords[0].keyword) == ("Pets", "warn", "hamster")
    keyword = ada.add_filter_keyword_v2(made, "gerbil", whole_word=True)
    post = bob.status_post("My gerbil")
    shown = eventually(lambda: next((each for each in ada.timeline_home() if each.id == post.id), None))
    assert (shown.filtered[0].filter.title, shown.filtered[0].keyword_matches) == ("Pets", ["gerbil"])
    ada.delete_filter_keyword_v2(keyword)
    assert [each.keyword for each in ada.filter_keywords_v2(made)] == ["hamster"]
    single = ada.add_filter_status_v2(made, post)
    assert [each.status_id for each in ada.filter_statuses_v2(made)] == [post.id]
    assert ada.filter_status_v2(single).id == single.id
    ada.delete_filter_status_v2(single)
    assert ada.update_filter_v2(made, title="Animals").title == "Animals"
    assert [each.title for each in ada.filters_v2()] == ["Animals"]
    ada.delete_filter_v2(made)
    with pytest.raises(MastodonNotFoundError):
        ada.filter_v2(made)


@pytest.mark.filterwarnings("ignore::mastodon.errors.MastodonDeprecationWarning")
def test_old_filters_are_kept_too(life: Life) -> None:
    ada = life.ada
    old = ada.filter_create("cat", ["home"], whole_word=False, expires_in=600)
    assert (old.phrase, old.context, old.whole_word) == ("cat", ["home"], False)
    assert ada.filter_update(old, phrase="cats", context=["home"]).phrase == "cats"
    assert [each.phrase for each in ada.filters()] == ["cats"]
    ada.filter_delete(old)
    assert ada.filters() == []


def test_what_was_said_is_found(life: Life) -> None:
    ada, bob = life.ada, life.bob
    ada.account_update_credentials(indexable=True)
    post = ada.status_post("A #marmalade recipe with oranges")
    found = eventually(lambda: results if (results := ada.search("oranges")).statuses else None)
    assert [each.id for each in found.statuses] == [post.id]
    assert [each.name for each in bob.search("marmal", result_type="hashtags").hashtags] == ["marmalade"]
    assert [each.acct for each in bob.search("ada", result_type="accounts").accounts] == ["ada"]
    assert [each.id for each in bob.search_v2(post.url).statuses] == [post.id]
    assert [each.id for each in ada.search("from:me marmalade", result_type="statuses").statuses] == [post.id]
    for trends in (ada.trending_tags, ada.trending_statuses, ada.trending_links, ada.trends):
        assert trends() == []
