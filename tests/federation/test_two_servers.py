"""Two servers of this program tell each other everything that people do: each step is done by an app on one side and
seen by an app on the other."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from mastodon import Mastodon, MastodonNotFoundError

from tests.support.whole import Server, eventually, server


def gone(look: Callable[[], Any]) -> bool:
    try:
        look()
    except MastodonNotFoundError:
        return True
    return False


@pytest.fixture(scope="module")
def there(admin_url: str) -> Iterator[Server]:
    """A second server of this program."""
    with server(admin_url, ("bob",)) as started:
        yield started


@pytest.fixture(scope="module")
def bob(there: Server) -> Mastodon:
    return there.people["bob"]


@pytest.fixture(scope="module")
def followed(here: Server, there: Server, ann: Mastodon, bob: Mastodon) -> tuple[Any, Any]:
    """Ann and Bob follow each other. Returns Bob as Ann sees him, and Ann as Bob does."""
    (bob_here,) = ann.account_search(there.handle("bob"), resolve=True)
    (ann_there,) = bob.account_search(here.handle("ann"), resolve=True)
    assert bob_here.acct == there.handle("bob")
    ann.account_follow(bob_here)
    bob.account_follow(ann_there)
    eventually(lambda: ann.account_relationships(bob_here)[0].following)
    eventually(lambda: bob.account_relationships(ann_there)[0].following)
    assert ann.account_relationships(bob_here)[0].followed_by
    return bob_here, ann_there


def seen_at_home(reader: Mastodon, text: str) -> Any:
    return eventually(lambda: next((s for s in reader.timeline_home() if text in s.content), None))


def test_a_follow_is_notified(followed: tuple[Any, Any], ann: Mastodon) -> None:
    notification = eventually(lambda: next((n for n in ann.notifications() if n.type == "follow"), None))
    assert notification.account.id == followed[0].id


def test_a_post_comes_home_to_followers(followed: tuple[Any, Any], ann: Mastodon, bob: Mastodon) -> None:
    posted = ann.status_post("hello over there #greeting", spoiler_text="careful", language="en")
    assert ann.timeline_home()[0].id == posted.id
    seen = seen_at_home(bob, "hello over there")
    assert (seen.uri, seen.spoiler_text, seen.language) == (posted.uri, "careful", "en")
    assert [tag.name for tag in seen.tags] == ["greeting"]
    assert seen.account.id == followed[1].id


def test_a_reply_is_threaded_and_notified(
    followed: tuple[Any, Any], here: Server, ann: Mastodon, bob: Mastodon
) -> None:
    asked = ann.status_post("who is there?")
    seen = seen_at_home(bob, "who is there?")
    bob.status_post(f"@{here.handle('ann')} it is me", in_reply_to_id=seen.id)
    mention = eventually(lambda: next((n for n in ann.notifications() if n.type == "mention"), None))
    assert mention.status.in_reply_to_id == asked.id
    context = ann.status_context(asked.id)
    assert [each.id for each in context.descendants] == [mention.status.id]
    assert ann.status(asked.id).replies_count == 1


def test_boost_and_favourite_and_their_undoing(followed: tuple[Any, Any], ann: Mastodon, bob: Mastodon) -> None:
    posted = ann.status_post("worth it")
    seen = seen_at_home(bob, "worth it")
    bob.status_favourite(seen.id)
    bob.status_reblog(seen.id)
    eventually(lambda: ann.status(posted.id).favourites_count == 1 and ann.status(posted.id).reblogs_count == 1)
    kinds = {n.type for n in ann.notifications() if n.get("status") and n.status.id == posted.id}
    assert kinds == {"favourite", "reblog"}
    bob.status_unfavourite(seen.id)
    bob.status_unreblog(seen.id)
    eventually(lambda: ann.status(posted.id).favourites_count == 0 and ann.status(posted.id).reblogs_count == 0)


def test_an_edit_and_a_deletion_reach_the_other_side(followed: tuple[Any, Any], ann: Mastodon, bob: Mastodon) -> None:
    posted = ann.status_post("first words")
    seen = seen_at_home(bob, "first words")
    ann.status_update(posted.id, "better words")
    eventually(lambda: "better words" in bob.status(seen.id).content)
    assert [edit.content for edit in bob.status_history(seen.id)] == ["<p>first words</p>", "<p>better words</p>"]
    ann.status_delete(posted.id)
    assert gone(lambda: ann.status(posted.id))
    eventually(lambda: gone(lambda: bob.status(seen.id)))
    assert all(each.id != seen.id for each in bob.timeline_home())


def test_a_private_post_reaches_followers_and_nobody_else(
    followed: tuple[Any, Any], here: Server, ann: Mastodon, bob: Mastodon
) -> None:
    posted = ann.status_post("between us", visibility="private")
    seen = seen_at_home(bob, "between us")
    assert seen.visibility == "private"
    cora = here.people["cora"]
    assert gone(lambda: cora.status(posted.id))
    assert all("between us" not in each.content for each in cora.timeline_public())


def test_a_direct_message_reaches_whom_it_names(
    followed: tuple[Any, Any], there: Server, ann: Mastodon, bob: Mastodon
) -> None:
    ann.status_post(f"@{there.handle('bob')} psst", visibility="direct")
    mention = eventually(
        lambda: next((n for n in bob.notifications() if n.type == "mention" and "psst" in n.status.content), None)
    )
    assert mention.status.visibility == "direct"


def test_a_changed_profile_is_seen_on_the_other_side(followed: tuple[Any, Any], ann: Mastodon, bob: Mastodon) -> None:
    ann.account_update_credentials(display_name="Ann of Here", note="I live here")
    eventually(lambda: bob.account(followed[1].id).display_name == "Ann of Here")


def test_an_unfollow_ends_what_comes_home(followed: tuple[Any, Any], ann: Mastodon, bob: Mastodon) -> None:
    bob.account_unfollow(followed[1])
    eventually(lambda: not ann.account_relationships(followed[0])[0].followed_by)
    assert all(each.account.id != followed[1].id for each in bob.timeline_home())
    bob.account_follow(followed[1])
    eventually(lambda: ann.account_relationships(followed[0])[0].followed_by)
    eventually(lambda: any(each.account.id == followed[1].id for each in bob.timeline_home()))


def test_a_quote_is_asked_for_shown_everywhere_and_taken_back(
    followed: tuple[Any, Any], ann: Mastodon, bob: Mastodon
) -> None:
    posted = ann.status_post("worth quoting", quote_approval_policy="followers")
    seen = seen_at_home(bob, "worth quoting")
    assert seen.quote_approval.current_user == "automatic"
    quoting = bob.status_post("as she says", quoted_status_id=seen.id)
    assert quoting.quote.state in {"pending", "accepted"}
    eventually(lambda: bob.status(quoting.id).quote.state == "accepted")
    told = eventually(lambda: next((n for n in ann.notifications() if n.type == "quote"), None))
    assert (told.status.quote.state, told.status.quote.quoted_status.id) == ("accepted", posted.id)
    assert [each.id for each in ann.status_quotes(posted.id)] == [told.status.id]

    ann.status_quote_revoke(posted.id, told.status.id)
    assert ann.status(told.status.id).quote.state == "revoked"
    eventually(lambda: bob.status(quoting.id).quote.state == "revoked")
