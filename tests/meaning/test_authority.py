"""Who may say what: everybody speaks for themselves alone."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.saying import Saying, actor, note

BOB = "https://far.example/users/bob"
CAT = "https://far.example/users/cat"
EVE = "https://evil.example/users/eve"
DAN = "https://far.example/users/dan"
ANN = "http://localhost:3000/users/ann"
Rows = Callable[[str], list[tuple[Any, ...]]]


def test_s_011_nobody_edits_anothers_post(saying: Saying, rows: Rows) -> None:
    saying.arrives(BOB)
    saying.arrives(CAT)
    saying.received(BOB, "Create", note(BOB, 1))
    forged = note(BOB, 1, content="<p>forged</p>", updated="2026-05-01T00:30:00Z")
    assert saying.received(CAT, "Update", forged) == []
    assert saying.received(CAT, "Update", forged | {"attributedTo": CAT}) == []
    assert rows("SELECT content FROM statuses") == [("<p>note 1</p>",)]


def test_s_013_nobody_changes_anothers_profile(saying: Saying, rows: Rows) -> None:
    saying.arrives(BOB, name="Bob")
    saying.arrives(CAT)
    forged = actor(BOB, name="Not Bob")
    assert saying.received(CAT, "Update", forged) == []
    assert saying.received(CAT, "Update", forged, actor=BOB) == [], "who signed counts, whoever is named as the actor"
    assert rows("SELECT display_name FROM accounts WHERE username = 'bob'") == [("Bob",)]


def test_s_016_nobody_posts_in_anothers_name(saying: Saying, rows: Rows) -> None:
    for uri in (BOB, CAT, EVE):
        saying.arrives(uri)
    for speaker in (CAT, EVE):
        saying.received(speaker, "Create", note(BOB, 1))
        saying.received(speaker, "Create", note(speaker, 1, attributedTo=BOB))
        saying.received(speaker, "Create", note(BOB, 1), actor=BOB)
    saying.received(EVE, "Create", note(EVE, 1, id=f"{BOB}/notes/1"))
    assert rows("SELECT id FROM statuses") == []


@pytest.mark.parametrize("announcer", [CAT, EVE])
def test_s_017_a_boost_of_an_activity_does_nothing_of_it(saying: Saying, rows: Rows, announcer: str) -> None:
    """What is said to have changed is looked at where it lives, and that is all."""
    for uri in (BOB, CAT, EVE):
        saying.arrives(uri)
    saying.received(BOB, "Create", note(BOB, 1))
    forged = note(BOB, 1, content="<p>forged</p>", updated="2026-05-01T00:30:00Z")
    for kind, obj in (("Delete", f"{BOB}/notes/1"), ("Delete", forged), ("Update", forged)):
        nested = {"id": f"{BOB}/acts/x", "type": kind, "actor": BOB, "object": obj}
        assert saying.received(announcer, "Announce", nested, to=["as:Public"]) == []
        assert [(each.uri, each.reason) for each in saying.last[0].wanted] == [(f"{BOB}/notes/1", "changed")]
    named = actor(BOB, name="Not Bob")
    nested = {"id": f"{BOB}/acts/y", "type": "Update", "actor": BOB, "object": named}
    assert saying.received(announcer, "Announce", nested, to=["as:Public"]) == []
    assert rows("SELECT content FROM statuses WHERE boost_of_id IS NULL") == [("<p>note 1</p>",)]
    assert rows("SELECT count(*) FROM accounts WHERE display_name = 'Not Bob'") == [(0,)]


def test_s_014_nothing_that_is_found_changes_what_was_written_here(saying: Saying, rows: Rows) -> None:
    saying.signs_up(ANN, 7 << 16)
    saying.published(ANN, "Create", note(ANN, 1), status_id=7)
    forged = note(ANN, 1, content="<p>forged</p>", updated="2026-05-01T00:30:00Z")
    assert saying.fetched(forged) == []
    assert rows("SELECT content FROM statuses") == [("<p>note 1</p>",)]


def test_s_118_a_request_to_follow_opens_nothing_and_a_follow_opens_it_to_one(saying: Saying, rows: Rows) -> None:
    cid = "http://localhost:3000/users/cid"
    saying.signs_up(ANN, 7 << 16)
    saying.signs_up(cid, 8 << 16)
    saying.arrives(BOB, manuallyApprovesFollowers=True)
    saying.published(ANN, "Follow", BOB, id=f"{ANN}#follows/1")
    assert rows("SELECT accepted FROM follows") == [(False,)]
    saying.received(BOB, "Create", note(BOB, 1, to=[f"{BOB}/followers"], cc=[]))
    ((bob, private),) = rows("SELECT account_id, id FROM statuses")
    readers = f"SELECT account_id FROM follows WHERE accepted AND target_id = {bob}"
    assert rows(readers) == []
    saying.received(EVE, "Accept", {"id": f"{ANN}#follows/1", "type": "Follow", "actor": ANN, "object": BOB})
    assert rows(readers) == []
    saying.received(BOB, "Accept", {"id": f"{ANN}#follows/1", "type": "Follow", "actor": ANN, "object": BOB})
    assert rows(readers) == [(7 << 16,)]
    assert rows(f"SELECT visibility FROM statuses WHERE id = {private}") == [("private",)]


def test_s_142_votes_are_told_by_the_polls_author_alone_and_fit(saying: Saying, rows: Rows) -> None:
    def question(number: int, *votes: float, **more: Any) -> dict[str, Any]:
        options = [{"type": "Note", "name": f"o{n}", "replies": {"totalItems": each}} for n, each in enumerate(votes)]
        return note(BOB, number, type="Question", oneOf=options, endTime="2099-01-01T00:00:00Z", **more)

    for uri in (BOB, CAT, EVE):
        saying.arrives(uri)
    saying.received(BOB, "Create", question(1, 1, 2, votersCount=3))
    saying.received(BOB, "Create", question(2, 5, 5, votersCount=10))
    asked = "SELECT votes, voters_count FROM polls ORDER BY status_id"
    for liar in (CAT, EVE):
        for author in (BOB, liar):
            assert saying.received(liar, "Update", question(1, 9, 9, attributedTo=author)) == []
    assert rows(asked) == [([1, 2], 3), ([5, 5], 10)]
    saying.received(BOB, "Update", question(1, -4, 10**18, votersCount=10**18))
    ((votes, voters), other) = rows(asked)
    assert (votes, voters) == ([0, 2**31 - 1], 2**31 - 1)
    assert other == ([5, 5], 10)


def test_s_142_nobody_elsewhere_votes_here_in_a_poll_that_is_not_ours_to_count(saying: Saying, rows: Rows) -> None:
    options = [{"type": "Note", "name": name, "replies": {"totalItems": 1}} for name in ("yes", "no")]
    saying.signs_up(ANN, 7 << 16)
    for uri in (BOB, CAT, EVE):
        saying.arrives(uri)
    saying.received(BOB, "Create", note(BOB, 1, type="Question", oneOf=options, votersCount=2))

    def vote(voter: str) -> dict[str, Any]:
        made = {"id": f"{voter}/votes/1", "type": "Note", "name": "yes", "attributedTo": voter}
        return {**made, "inReplyTo": f"{BOB}/notes/1", "to": [BOB]}

    for stranger in (BOB, CAT, EVE):
        assert saying.received(stranger, "Create", vote(stranger)) == []
    assert rows("SELECT votes, voters_count FROM polls") == [([1, 1], 2)]
    saying.published(ANN, "Create", vote(ANN))
    assert rows("SELECT votes, voters_count FROM polls") == [([2, 1], 3)]


def test_deleting_and_undoing_need_the_author_not_merely_the_host(saying: Saying, rows: Rows) -> None:
    saying.arrives(BOB)
    saying.arrives(CAT)
    saying.received(BOB, "Create", note(BOB, 1))
    saying.received(BOB, "Like", f"{BOB}/notes/1", id=f"{BOB}/likes/1")
    saying.received(CAT, "Delete", f"{BOB}/notes/1")
    saying.received(CAT, "Undo", {"id": f"{BOB}/likes/1", "type": "Like", "actor": CAT, "object": f"{BOB}/notes/1"})
    assert len(rows("SELECT id FROM statuses")) == 1
    assert rows("SELECT favourites FROM favourite_counts") == [(1,)]


def test_nobody_can_make_another_follow_them(saying: Saying, rows: Rows) -> None:
    saying.signs_up(ANN, 7 << 16)
    saying.arrives(EVE)
    forged = {"id": f"{ANN}#follows/1", "type": "Follow", "actor": ANN, "object": EVE}
    assert saying.facts(saying.received(EVE, "Accept", forged)) == ["FollowAnswered"], "which relays alone look at"
    assert rows("SELECT * FROM follows") == rows("SELECT * FROM relays") == []


def test_nobody_accepts_in_anothers_name(saying: Saying, rows: Rows) -> None:
    saying.signs_up(ANN, 7 << 16, manuallyApprovesFollowers=True)
    saying.arrives(BOB)
    saying.arrives(EVE)
    saying.received(BOB, "Follow", ANN, id=f"{BOB}/follows/1")
    saying.received(EVE, "Accept", {"id": f"{BOB}/follows/1", "type": "Follow", "actor": BOB, "object": ANN})
    assert rows("SELECT accepted FROM follows") == [(False,)]


def test_private_posts_cannot_be_boosted(saying: Saying, rows: Rows) -> None:
    saying.arrives(BOB)
    saying.arrives(EVE)
    saying.received(BOB, "Create", note(BOB, 1, to=[f"{BOB}/followers"], cc=[]))
    assert saying.received(EVE, "Announce", f"{BOB}/notes/1", to=["as:Public"]) == []
    assert saying.facts(saying.received(BOB, "Announce", f"{BOB}/notes/1", to=[f"{BOB}/followers"])) == [
        "StatusBoosted"
    ]


POLL = {"type": "Question", "oneOf": [{"type": "Note", "name": "yes"}, {"type": "Note", "name": "no"}]}
ASKED = "http://localhost:3000/users/ann/notes/1"


def acted(saying: Saying, actor: str) -> list[str]:
    """Return what comes of an actor's Like of a poll, vote in it and boost of it."""
    saying.received(actor, "Like", ASKED, id=f"{actor}/likes/1")
    vote = {"id": f"{actor}/votes/1", "type": "Note", "name": "yes", "attributedTo": actor, "inReplyTo": ASKED}
    found = [*saying.last[0].entries, *saying.received(actor, "Create", vote | {"to": [ANN]})]
    found += saying.received(actor, "Announce", ASKED, id=f"{actor}/boosts/1", to=["as:Public"])
    return saying.facts(found)


@pytest.mark.parametrize(
    ("to", "cc", "who", "counted"),
    [
        ([f"{ANN}/followers"], [], BOB, []),
        ([f"{ANN}/followers"], [], CAT, []),
        ([f"{ANN}/followers"], [], EVE, ["StatusFavourited", "PollVoted"]),
        ([f"{ANN}/followers"], [BOB], BOB, ["StatusFavourited", "PollVoted"]),
        ([BOB], [], BOB, ["StatusFavourited", "PollVoted"]),
        ([BOB], [], EVE, []),
        (["as:Public"], [], BOB, ["StatusFavourited", "PollVoted", "StatusBoosted"]),
        (["as:Public"], [], DAN, []),
    ],
)
def test_s_112_what_is_done_to_a_post_counts_from_who_may_see_it(
    saying: Saying, rows: Rows, to: list[str], cc: list[str], who: str, counted: list[str]
) -> None:
    saying.signs_up(ANN, 7 << 16, manuallyApprovesFollowers=True)
    for uri in (BOB, CAT, DAN, EVE):
        saying.arrives(uri)
    for uri in (CAT, EVE):
        saying.received(uri, "Follow", ANN, id=f"{uri}/follows/1")
    saying.published(ANN, "Accept", {"id": f"{EVE}/follows/1", "type": "Follow", "actor": EVE, "object": ANN})
    saying.received(EVE, "Follow", ANN, id=f"{EVE}/follows/1")
    saying.published(ANN, "Block", DAN)
    named = [{"type": "Mention", "href": BOB, "name": "@bob"}] if BOB in (*to, *cc) else []
    saying.published(ANN, "Create", note(ANN, 1, to=to, cc=cc, tag=named, **POLL), status_id=9 << 16)
    assert acted(saying, who) == counted
    assert len(rows("SELECT * FROM favourites")) == len(rows("SELECT * FROM notifications WHERE type = 'favourite'"))


def test_s_112_who_follows_no_more_does_nothing_to_private_posts(saying: Saying) -> None:
    saying.signs_up(ANN, 7 << 16)
    saying.arrives(EVE)
    follow = {"id": f"{EVE}/follows/1", "type": "Follow", "actor": EVE, "object": ANN}
    saying.received(EVE, "Follow", ANN, id=follow["id"])
    saying.published(ANN, "Accept", follow)
    saying.published(ANN, "Create", note(ANN, 1, to=[f"{ANN}/followers"], cc=[], **POLL), status_id=9 << 16)
    saying.published(ANN, "Reject", follow)
    saying.received(EVE, "Follow", ANN, id=f"{EVE}/follows/2")
    assert acted(saying, EVE) == []


def test_s_112_who_is_named_by_an_edit_or_met_late_may_do_as_others(saying: Saying) -> None:
    saying.signs_up(ANN, 7 << 16)
    saying.arrives(BOB)
    tags = [{"type": "Mention", "href": uri, "name": "@who"} for uri in (BOB, EVE)]
    said = note(ANN, 1, to=[EVE], cc=[], tag=tags[1:], **POLL)
    saying.published(ANN, "Create", said, status_id=9 << 16)
    assert acted(saying, BOB) == []
    edit = said | {"to": [BOB, EVE], "tag": tags, "updated": "2026-05-01T00:30:00Z"}
    saying.published(ANN, "Update", edit)
    saying.arrives(EVE)
    for uri in (BOB, EVE):
        assert acted(saying, uri) == ["StatusFavourited", "PollVoted"]


def test_an_id_that_stands_for_a_post_is_not_taken_over_by_a_like(saying: Saying, rows: Rows) -> None:
    saying.arrives(BOB)
    saying.received(BOB, "Create", note(BOB, 1))
    saying.received(BOB, "Like", f"{BOB}/notes/1", id=f"{BOB}/notes/1")
    saying.received(BOB, "Delete", f"{BOB}/notes/1")
    assert rows("SELECT id FROM statuses") == []


def test_a_block_ends_follows_both_ways(saying: Saying, rows: Rows) -> None:
    saying.signs_up(ANN, 7 << 16)
    saying.arrives(BOB)
    saying.received(BOB, "Follow", ANN, id=f"{BOB}/follows/1")
    saying.published(ANN, "Accept", {"id": f"{BOB}/follows/1", "type": "Follow", "actor": BOB, "object": ANN})
    facts = saying.facts(saying.received(BOB, "Block", ANN))
    assert facts == ["FollowEnded", "AccountBlocked"]
    assert rows("SELECT * FROM follows") == []
    assert len(rows("SELECT * FROM blocks")) == 1


def test_who_is_gone_takes_everything_along(saying: Saying, rows: Rows) -> None:
    saying.signs_up(ANN, 7 << 16)
    saying.arrives(BOB)
    saying.received(BOB, "Create", note(BOB, 1))
    saying.received(BOB, "Follow", ANN, id=f"{BOB}/follows/1")
    saying.published(ANN, "Like", f"{BOB}/notes/1")
    saying.received(BOB, "Delete", BOB)
    for table in ("statuses", "favourites", "favourite_counts", "follows", "account_keys"):
        assert rows(f"SELECT * FROM {table}") == [], table
    assert rows("SELECT username FROM accounts") == [("ann",)]
    assert saying.published(ANN, "Like", f"{BOB}/notes/1") == []


@pytest.mark.parametrize(
    ("to", "cc", "told"),
    [
        ([f"{BOB}/followers"], [], []),
        (["as:Public"], [f"{BOB}/followers"], []),
        ([f"{BOB}/followers"], [ANN], [(7 << 16,)]),
    ],
)
def test_s_127_who_is_named_and_not_addressed_hears_nothing_of_a_post_and_may_not_read_it(
    saying: Saying, rows: Rows, to: list[str], cc: list[str], told: list[tuple[int]]
) -> None:
    saying.signs_up(ANN, 7 << 16)
    saying.arrives(BOB)
    saying.received(BOB, "Create", note(BOB, 1, to=to, cc=cc, tag=[{"type": "Mention", "href": ANN, "name": "@ann"}]))
    assert rows("SELECT account_id FROM notifications WHERE type = 'mention'") == told
    assert rows("SELECT account_id FROM status_mentions") == told
    assert rows("SELECT mentions -> 0 ->> 'account_id' FROM statuses") == [(str(7 << 16),)]
