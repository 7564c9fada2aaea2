"""Posts from the first draft to the last trace: written, illustrated, asked, quoted, planned, changed and deleted."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from mastodon import MastodonAPIError, MastodonNotFoundError
from mastodon.return_types import MediaAttachment, Poll, ScheduledStatus, Status, StatusEdit

from tests.clients.conftest import Life, is_a
from tests.support.phone import picture
from tests.support.whole import eventually


def test_a_status_lives_and_dies(life: Life) -> None:
    ada, bob = life.ada, life.bob
    post = ada.status_post("Hello #world", visibility="unlisted", spoiler_text="cw", language="nl", idempotency_key="1")
    assert is_a(Status, post)
    assert (post.visibility, post.spoiler_text, post.sensitive, post.language) == ("unlisted", "cw", True, "nl")
    assert post.created_at.tzinfo is not None
    assert ada.status_post("Hello #world", idempotency_key="1").id == post.id
    reply = bob.status_reply(post, "Hello too")
    assert (reply.in_reply_to_id, reply.mentions[0].acct) == (post.id, "ada")
    thread = eventually(lambda: ada.status_context(post).descendants)
    assert [each.id for each in thread] == [reply.id]
    assert [each.id for each in bob.status_context(reply).ancestors] == [post.id]
    for act in ("favourite", "bookmark", "mute"):
        flag = {"favourite": "favourited", "bookmark": "bookmarked", "mute": "muted"}[act]
        assert getattr(getattr(bob, f"status_{act}")(post), flag) is True
    assert [each.id for each in bob.favourites()] == [each.id for each in bob.bookmarks()] == [post.id]
    assert [each.acct for each in ada.status_favourited_by(post)] == ["bob"]
    assert bob.status_unfavourite(post).favourites_count == 0
    assert not bob.status_unbookmark(post).bookmarked
    assert not bob.status_unmute(post).muted
    assert ada.status_pin(post).pinned
    assert [each.id for each in bob.account_statuses(ada.me(), pinned=True)] == [post.id]
    assert not ada.status_unpin(post).pinned
    assert ada.status_source(post).text == "Hello #world"
    changed = ada.status_update(post, "Goodbye #world", spoiler_text="")
    assert ("Goodbye" in changed.content, changed.edited_at > post.created_at) == (True, True)
    history = eventually(lambda: found if len(found := bob.status_history(post)) == 2 else None)
    assert is_a(StatusEdit, history[0])
    assert "Hello" in history[0].content
    assert [each.id for each in bob.statuses([post, reply])] == [post.id, reply.id]
    assert ada.status_delete(post).text == "Goodbye #world"
    for who in (ada, bob):
        with pytest.raises(MastodonNotFoundError):
            who.status(post)


def test_a_boost_is_a_status_of_its_own(life: Life) -> None:
    post = life.ada.status_post("Boost me")
    boost = life.bob.status_reblog(post, visibility="unlisted")
    assert (boost.reblog.id, boost.visibility, boost.reblog.reblogged) == (post.id, "unlisted", True)
    assert [each.acct for each in life.ada.status_reblogged_by(post)] == ["bob"]
    assert life.bob.status_unreblog(post).id == post.id
    again = life.bob.status_reblog(post)
    assert life.bob.status_delete(again).id == again.id
    assert life.ada.status(post).reblogs_count == 0


def test_media_are_uploaded_described_and_changed(life: Life) -> None:
    ada = life.ada
    media = ada.media_post(picture(), "image/png", description="A square", focus=(0.5, -0.5), synchronous=True)
    assert is_a(MediaAttachment, media)
    assert (media.type, media.meta.focus.x, media.meta.original.width) == ("image", 0.5, 60)
    assert ada.media_update(media, description="A blue square").description == "A blue square"
    assert ada.media(media).url == media.url
    post = ada.status_post("Look", media_ids=[media], sensitive=True)
    assert post.media_attachments[0].description == "A blue square"
    attributes = ada.generate_media_edit_attributes(media, description="Teal", focus=(0.1, 0.2))
    changed = ada.status_update(post, "Look again", media_attributes=[attributes])
    assert (changed.media_attachments[0].description, changed.media_attachments[0].meta.focus.y) == ("Teal", 0.2)
    kept = ada.status_delete(post, delete_media=False).media_attachments[0]
    assert ada.status_post("Once more", media_ids=[kept]).media_attachments[0].id == media.id


def test_a_poll_is_voted_in(life: Life) -> None:
    ada, bob = life.ada, life.bob
    asked = ada.status_post("Which?", poll=ada.make_poll(["a", "b", "c"], 600, multiple=True, hide_totals=True))
    assert is_a(Poll, asked.poll)
    assert (asked.poll.multiple, [option.votes_count for option in asked.poll.options]) == (True, [None] * 3)
    voted = bob.poll_vote(asked.poll, [0, 2])
    assert (voted.voted, voted.own_votes, voted.voters_count) == (True, [0, 2], 1)
    assert bob.poll_vote(asked.poll, 1).own_votes == [0, 2, 1]
    assert bob.poll(asked.poll).votes_count == 3
    single = ada.status_post("Yes?", poll=ada.make_poll(["yes", "no"], 600))
    assert bob.poll_vote(single.poll, 0).own_votes == [0]
    with pytest.raises(MastodonAPIError, match="already voted"):
        bob.poll_vote(single.poll, 1)


def test_a_planned_status_waits(life: Life) -> None:
    ada, at = life.ada, datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
    planned = ada.status_post("Later", scheduled_at=at, visibility="private")
    assert is_a(ScheduledStatus, planned)
    assert (planned.scheduled_at, planned.params.text, planned.params.visibility) == (at, "Later", "private")
    moved = ada.scheduled_status_update(planned, at + timedelta(hours=1))
    assert moved.scheduled_at == at + timedelta(hours=1)
    assert [each.id for each in ada.scheduled_statuses()] == [planned.id]
    ada.scheduled_status_delete(planned)
    assert ada.scheduled_statuses() == []
    with pytest.raises(MastodonNotFoundError):
        ada.scheduled_status(planned)


def test_a_quote_is_allowed_listed_and_revoked(life: Life) -> None:
    ada, bob = life.ada, life.bob
    post = ada.status_post("Quote me")
    quoting = bob.status_post("See this", quoted_status_id=post)
    assert (quoting.quote.state, quoting.quote.quoted_status.id) == ("accepted", post.id)
    assert [each.id for each in ada.status_quotes(post)] == [quoting.id]
    revoked: Any = ada.status_quote_revoke(post, quoting)
    assert revoked.quote.state == "revoked"
    closed = ada.status_update_quote_approval_policy(post, "nobody")
    assert closed.quote_approval.automatic == []
    with pytest.raises(MastodonAPIError):
        bob.status_post("Once more", quoted_status_id=post)
