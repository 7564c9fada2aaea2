"""Actors and posts that are gone, and some of them back: who says so decides whether they may be."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from fedi.events.accounts import AccountMuted
from fedi.events.activities import DocumentVanished
from fedi.events.moderation import AccountRestricted, AccountUnrestricted
from fedi.meaning import accounts
from tests.support.saying import Saying, actor, note

ANN = "http://localhost:3000/users/ann"
BOB = "https://far.example/users/bob"
EVE = "https://far.example/users/eve"
Rows = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(autouse=True)
def somebody(saying: Saying) -> None:
    """Bob, whom Ann follows, has posted something."""
    saying.signs_up(ANN, 7 << 16)
    saying.arrives(BOB)
    saying.received(BOB, "Create", note(BOB, 1))
    saying.published(ANN, "Follow", BOB, id=f"{ANN}#follows/1")
    saying.received(BOB, "Accept", {"type": "Follow", "id": f"{ANN}#follows/1", "actor": ANN, "object": BOB})


def found_gone(saying: Saying, uri: str) -> list[str]:
    return saying.facts(saying.say(DocumentVanished(url=uri)))


def test_who_is_found_gone_is_gone_from_all_views(saying: Saying, rows: Rows) -> None:
    assert rows("SELECT accepted FROM follows") == [(True,)]
    assert found_gone(saying, BOB) == ["AccountDeleted"]
    assert rows("SELECT uri FROM accounts WHERE domain IS NOT NULL") == []
    assert rows("SELECT 1 FROM statuses") == rows("SELECT 1 FROM follows") == rows("SELECT 1 FROM account_keys") == []
    assert found_gone(saying, BOB) == []


def test_who_is_found_again_is_the_same_as_before_with_what_is_found_of_them(saying: Saying, rows: Rows) -> None:
    ids = rows("SELECT a.id, s.id FROM accounts a JOIN statuses s ON s.account_id = a.id")
    found_gone(saying, BOB)
    assert saying.facts(saying.arrives(BOB)) == ["AccountChanged"]
    assert saying.facts(saying.fetched(note(BOB, 1))) == ["StatusPublished"]
    assert rows("SELECT a.id, s.id FROM accounts a JOIN statuses s ON s.account_id = a.id") == ids
    assert rows("SELECT 1 FROM follows") == [], "whom to follow is for people to say"


def test_what_was_done_with_posts_that_went_is_not_brought_back_and_may_be_done_again(
    saying: Saying, rows: Rows
) -> None:
    for act in ("Like", "Announce"):
        saying.published(ANN, act, f"{BOB}/notes/1", id=f"{ANN}#{act}/1")
    done = "SELECT (SELECT count(*) FROM favourites), (SELECT count(*) FROM statuses WHERE boost_of_id IS NOT NULL)"
    counted = (
        "SELECT coalesce((SELECT sum(favourites) FROM favourite_counts), 0), "
        "coalesce((SELECT sum(boosts) FROM status_counts), 0)"
    )
    assert rows(done) == rows(counted) == [(1, 1)]
    found_gone(saying, BOB)
    saying.arrives(BOB)
    saying.fetched(note(BOB, 1))
    assert rows(done) == rows(counted) == [(0, 0)]
    for again in (2, 3):
        for act in ("Like", "Announce"):
            saying.published(ANN, act, f"{BOB}/notes/1", id=f"{ANN}#{act}/{again}")
        assert rows(done) == rows(counted) == [(1, 1)]


def test_a_copy_that_comes_late_brings_nothing_back(saying: Saying, rows: Rows) -> None:
    found_gone(saying, BOB)
    saying.arrives(BOB)
    assert saying.received(BOB, "Create", note(BOB, 1)) == []
    assert rows("SELECT 1 FROM statuses") == []


def test_who_said_that_they_are_gone_stays_away_for_a_while_and_their_posts_for_ever(
    saying: Saying, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    saying.received(BOB, "Delete", BOB)
    assert saying.arrives(BOB) == []
    assert rows("SELECT 1 FROM accounts WHERE domain IS NOT NULL") == []
    monkeypatch.setattr(accounts, "AWAY", timedelta(0))
    assert saying.facts(saying.arrives(BOB)) == ["AccountChanged"]
    assert saying.fetched(note(BOB, 1)) == []
    assert saying.facts(saying.received(BOB, "Create", note(BOB, 2))) == ["StatusPublished"]


def test_a_post_that_is_found_gone_may_be_found_again_but_not_one_that_was_deleted(saying: Saying) -> None:
    assert found_gone(saying, f"{BOB}/notes/1") == ["StatusDeleted"]
    assert saying.facts(saying.fetched(note(BOB, 1))) == ["StatusPublished"]
    saying.received(BOB, "Delete", f"{BOB}/notes/1")
    assert saying.fetched(note(BOB, 1)) == []


def test_nobody_here_is_found_gone(saying: Saying, rows: Rows) -> None:
    assert found_gone(saying, ANN) == []
    assert rows("SELECT uri FROM accounts WHERE domain IS NULL") == [(ANN,)]


def test_somebody_who_has_another_name_now_has_it_everywhere(saying: Saying, rows: Rows) -> None:
    saying.received(BOB, "Update", actor(BOB, preferredUsername="robert"))
    assert rows("SELECT username, domain FROM accounts WHERE domain IS NOT NULL") == [("robert", "far.example")]
    assert saying.last[0].wanted == []


def test_s_148_a_domain_confirms_one_name_and_no_other(saying: Saying, rows: Rows) -> None:
    named = "SELECT username, domain FROM accounts WHERE uri = 'https://far.example/users/eve'"
    saying.fetched(actor(EVE), handle="eve@short.example")
    saying.received(EVE, "Update", actor(EVE, name="Eve"))
    assert rows(named) == [("eve", "short.example")]
    saying.received(EVE, "Update", actor(EVE, preferredUsername="admin"))
    assert rows(named) == [("admin", "far.example")]
    assert [(wanted.uri, wanted.reason) for wanted in saying.last[0].wanted] == [(EVE, "renamed")]
    saying.received(EVE, "Update", actor(EVE))
    assert rows(named) == [("eve", "far.example")], "it has to be confirmed anew"
    saying.fetched(actor(EVE), handle="eve@short.example")
    assert rows(named) == [("eve", "short.example")]


def test_to_be_gone_for_a_moment_is_no_way_out_of_what_people_and_operators_decided(saying: Saying, rows: Rows) -> None:
    ((bob,),) = rows("SELECT id FROM accounts WHERE domain IS NOT NULL")
    saying.published(ANN, "Block", BOB, id=f"{ANN}#blocks/1")
    saying.say(AccountMuted(account_id=7 << 16, target_id=bob, notifications=True))
    saying.say(AccountRestricted(account_id=bob, restriction="suspend"))
    suspended = "SELECT suspended FROM accounts WHERE domain IS NOT NULL"
    assert rows(suspended) == [(True,)]
    found_gone(saying, BOB)
    saying.arrives(BOB)
    assert rows(suspended) == [(True,)]
    assert rows("SELECT account_id, target_id FROM blocks") == rows("SELECT account_id, target_id FROM mutes")
    assert rows("SELECT target_id FROM blocks") == [(bob,)]
    saying.say(AccountUnrestricted(account_id=bob, restriction="suspend"))
    assert rows(suspended) == [(False,)]
    saying.published(ANN, "Undo", {"id": f"{ANN}#blocks/1", "type": "Block", "actor": ANN, "object": BOB})
    assert rows("SELECT 1 FROM blocks") == []
