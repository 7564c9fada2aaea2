"""Things come in any order and more than once; what they come to in the end is the same."""

from collections.abc import Callable
from typing import Any

from tests.support.saying import Saying, note

BOB = "https://far.example/users/bob"
EVE = "https://evil.example/users/eve"
ANN = "http://localhost:3000/users/ann"
Rows = Callable[[str], list[tuple[Any, ...]]]


def test_a_delete_before_its_create_wins(saying: Saying, rows: Rows) -> None:
    saying.arrives(BOB)
    saying.received(BOB, "Delete", {"id": f"{BOB}/notes/1", "type": "Tombstone"})
    assert saying.received(BOB, "Create", note(BOB, 1)) == []
    assert saying.fetched(note(BOB, 1)) == []
    assert rows("SELECT id FROM statuses") == []


def test_a_deleted_post_does_not_come_back(saying: Saying, rows: Rows) -> None:
    saying.arrives(BOB)
    saying.received(BOB, "Create", note(BOB, 1))
    assert saying.facts(saying.received(BOB, "Delete", f"{BOB}/notes/1")) == ["StatusDeleted"]
    assert saying.received(BOB, "Create", note(BOB, 1)) == []
    assert rows("SELECT id FROM statuses") == []


def test_a_strangers_delete_keeps_nobodys_post_away(saying: Saying, rows: Rows) -> None:
    saying.arrives(BOB)
    saying.arrives(EVE)
    saying.received(EVE, "Delete", f"{BOB}/notes/1")
    saying.received(BOB, "Create", note(BOB, 1))
    saying.received(EVE, "Delete", f"{BOB}/notes/1")
    assert len(rows("SELECT id FROM statuses")) == 1


def test_an_undo_before_its_like_cancels_it(saying: Saying, rows: Rows) -> None:
    saying.arrives(BOB)
    saying.arrives(EVE)
    saying.received(EVE, "Create", note(EVE, 1))
    like = {"id": f"{BOB}/likes/1", "type": "Like", "actor": BOB, "object": f"{EVE}/notes/1"}
    saying.received(BOB, "Undo", like)
    assert saying.received(BOB, "Like", f"{EVE}/notes/1", id=like["id"]) == []
    assert rows("SELECT * FROM favourites") == []
    assert saying.facts(saying.received(BOB, "Like", f"{EVE}/notes/1")) == ["StatusFavourited"]


def test_a_like_of_an_unknown_post_counts_when_the_post_comes(saying: Saying, rows: Rows) -> None:
    saying.arrives(BOB)
    saying.arrives(EVE)
    assert saying.received(BOB, "Like", f"{EVE}/notes/1") == []
    facts = saying.facts(saying.received(EVE, "Create", note(EVE, 1)))
    assert facts == ["StatusPublished", "StatusFavourited"]
    assert rows("SELECT favourites FROM favourite_counts") == [(1,)]


def test_a_boost_of_an_unknown_post_is_wanted_and_counts_when_the_post_comes(saying: Saying, rows: Rows) -> None:
    saying.arrives(BOB)
    saying.arrives(EVE)
    saying.received(BOB, "Announce", f"{EVE}/notes/1", to=["as:Public"])
    assert [(wanted.uri, wanted.reason) for wanted in saying.last[0].wanted] == [(f"{EVE}/notes/1", "boosted")]
    assert saying.facts(saying.fetched(note(EVE, 1))) == ["StatusPublished", "StatusBoosted"]
    assert rows("SELECT boosts FROM status_counts") == [(1,)]


def test_a_reply_finds_its_parent_when_it_comes(saying: Saying, rows: Rows) -> None:
    saying.arrives(BOB)
    saying.arrives(EVE)
    saying.received(BOB, "Create", note(BOB, 2, inReplyTo=f"{EVE}/notes/1"))
    assert rows("SELECT in_reply_to_id FROM statuses") == [(None,)]
    saying.received(EVE, "Create", note(EVE, 1))
    assert rows(
        "SELECT child.in_reply_to_id = parent.id FROM statuses child JOIN statuses parent ON parent.id <> child.id"
        " WHERE child.in_reply_to_uri <> ''"
    ) == [(True,)]
    assert rows("SELECT replies FROM status_counts") == [(1,)]


def test_follow_undo_follow_with_the_ids_that_misskey_repeats_ends_as_following(saying: Saying, rows: Rows) -> None:
    saying.signs_up(ANN, 7 << 16)
    saying.arrives(BOB)
    follow = {"id": "https://far.example/follows/bob/ann", "type": "Follow", "actor": BOB, "object": ANN}
    for _ in range(2):
        saying.received(BOB, "Follow", ANN, id=follow["id"])
        saying.published(ANN, "Accept", follow)
        assert rows("SELECT accepted FROM follows") == [(True,)]
        saying.received(BOB, "Undo", follow, id=f"{follow['id']}/undo")
        assert rows("SELECT accepted FROM follows") == []
    saying.received(BOB, "Follow", ANN, id=follow["id"])
    saying.published(ANN, "Accept", follow)
    assert rows("SELECT accepted FROM follows") == [(True,)]
    assert rows("SELECT followers FROM follow_counts WHERE followers > 0") == [(1,)]
    assert len(rows("SELECT * FROM past_follows")) == 2


def test_the_same_thing_said_twice_counts_once(saying: Saying, rows: Rows) -> None:
    saying.arrives(BOB)
    saying.arrives(EVE)
    for _ in range(2):
        saying.received(EVE, "Create", note(EVE, 1))
        saying.received(BOB, "Like", f"{EVE}/notes/1")
        saying.received(BOB, "Announce", f"{EVE}/notes/1", to=["as:Public"])
    assert rows("SELECT favourites FROM favourite_counts") == [(1,)]
    assert rows("SELECT boosts FROM status_counts") == [(1,)]


def test_an_older_edit_that_comes_late_changes_nothing(saying: Saying, rows: Rows) -> None:
    saying.arrives(BOB)
    saying.received(BOB, "Create", note(BOB, 1))
    saying.received(BOB, "Update", note(BOB, 1, content="<p>third</p>", updated="2026-05-01T00:30:00Z"))
    saying.received(BOB, "Update", note(BOB, 1, content="<p>second</p>", updated="2026-05-01T00:20:00Z"))
    assert rows("SELECT content FROM statuses") == [("<p>third</p>",)]
    assert rows("SELECT content FROM status_edits ORDER BY ordinal") == [("<p>note 1</p>",), ("<p>third</p>",)]
