"""Who is told of what: of each post of somebody once they asked for that, of what names them, of what is for them."""

from typing import Any

import pytest

from fedi.events.accounts import FollowOptionsChanged
from fedi.events.activities import ActivityPublished
from fedi.events.notifications import NotificationPolicyChosen, Policy
from fedi.facts.accounts import AccountChanged
from tests.support.saying import PUBLIC, Saying, note

ANN = "http://localhost:3000/users/ann"
BOB = "https://far.example/users/bob"
CARL = "https://far.example/users/carl"
NAMED = {"type": "Mention", "href": ANN, "name": "@ann"}
ANN_ID = 1 << 16  # even, as all ids of here


@pytest.fixture
def bob(saying: Saying) -> int:
    """The id of somebody elsewhere whom Ann follows."""
    saying.signs_up(ANN, ANN_ID)
    (fact,) = [entry.fact for entry in saying.arrives(BOB) if isinstance(entry.fact, AccountChanged)]
    saying.published(ANN, "Follow", BOB, id=f"{ANN}/follow")
    saying.received(BOB, "Accept", f"{ANN}/follow")
    return fact.account_id


def told(saying: Saying) -> list[tuple[str, str]]:
    """Return the kinds and URIs of what Ann is told."""
    return saying.connection.execute(
        "SELECT type, uri FROM notifications JOIN statuses ON statuses.id = status_id"
        " WHERE notifications.account_id = %s ORDER BY uri",
        [ANN_ID],
    ).fetchall()


def test_a_bell_that_was_there_before_a_batch_rings(saying: Saying, bob: int) -> None:
    saying.say(FollowOptionsChanged(account_id=ANN_ID, target_id=bob, boosts=True, notify=True))
    saying.say(*(saying.delivery(BOB, "Create", note(BOB, number)) for number in (1, 2)))
    assert told(saying) == [("status", f"{BOB}/notes/1"), ("status", f"{BOB}/notes/2")]


def test_a_bell_rings_for_what_comes_after_it_in_its_batch(saying: Saying, bob: int) -> None:
    saying.say(
        saying.delivery(BOB, "Create", note(BOB, 1)),
        FollowOptionsChanged(account_id=ANN_ID, target_id=bob, boosts=True, notify=True),
        saying.delivery(BOB, "Create", note(BOB, 2)),
        FollowOptionsChanged(account_id=ANN_ID, target_id=bob, boosts=True, notify=False),
        saying.delivery(BOB, "Create", note(BOB, 3)),
    )
    assert told(saying) == [("status", f"{BOB}/notes/2")]


@pytest.mark.parametrize("to", [f"{BOB}/followers", ANN])
def test_who_has_no_bell_hears_of_what_names_them(saying: Saying, bob: int, to: str) -> None:
    saying.say(
        saying.delivery(BOB, "Create", note(BOB, 1)),
        saying.delivery(BOB, "Create", note(BOB, 2, tag=[NAMED], to=[to], cc=[ANN])),
    )
    assert told(saying) == [("mention", f"{BOB}/notes/2")]


@pytest.fixture
def stranger(saying: Saying) -> str:
    """The URI of somebody elsewhere whom Ann, who lives here, does not follow."""
    saying.signs_up(ANN, ANN_ID)
    saying.arrives(BOB)
    return BOB


def private(author: str, number: int, to: str, **more: str) -> dict[str, Any]:
    name = to.rpartition("/")[2]
    return note(author, number, to=[to], cc=[], tag=[{"type": "Mention", "href": to, "name": f"@{name}"}], **more)


@pytest.mark.parametrize("answers", [1, 0])
def test_what_is_said_privately_is_kept_apart_unless_it_answers(saying: Saying, stranger: str, answers: int) -> None:
    """Ann's own word names nobody who lives here; what goes on from the answer is wanted too, and nothing else."""
    saying.published(ANN, "Create", private(ANN, 1, stranger), status_id=2 << 16)
    known = {"inReplyTo": f"{ANN}/notes/1"} if answers else {}
    saying.received(stranger, "Create", private(stranger, 2, ANN, **known))
    saying.received(stranger, "Create", private(stranger, 3, ANN, inReplyTo=f"{stranger}/notes/2"))
    kept_apart = saying.connection.execute("SELECT filtered FROM notifications ORDER BY id").fetchall()
    assert kept_apart == [(not answers,)] * 2


def test_a_bell_that_comes_with_the_wish_to_follow_rings_in_its_batch(saying: Saying, stranger: str) -> None:
    wish = saying.activity(ANN, "Follow", stranger, {"id": f"{ANN}/follow"})
    saying.say(
        ActivityPublished(document=wish, account_id=ANN_ID, notify=True),
        saying.delivery(stranger, "Accept", f"{ANN}/follow"),
        saying.delivery(stranger, "Create", note(stranger, 1)),
    )
    assert saying.connection.execute("SELECT type, account_id FROM notifications").fetchall() == [("status", ANN_ID)]


def test_who_is_named_after_somebody_elsewhere_hears_of_it(saying: Saying, stranger: str) -> None:
    saying.arrives(CARL)
    named = [{"type": "Mention", "href": uri, "name": "@somebody"} for uri in (CARL, ANN)]
    saying.received(stranger, "Create", note(stranger, 1, tag=named, to=[PUBLIC], cc=[CARL, ANN]))
    assert saying.connection.execute("SELECT type, account_id FROM notifications").fetchall() == [("mention", ANN_ID)]


@pytest.fixture
def belled(saying: Saying, bob: int) -> Saying:
    """What is said where Ann hears of each post of Bob's; of his first, and of Carl's, nobody was told."""
    saying.arrives(CARL)
    saying.received(CARL, "Create", note(CARL, 1))
    saying.received(BOB, "Create", note(BOB, 1))
    saying.say(FollowOptionsChanged(account_id=ANN_ID, target_id=bob, boosts=True, notify=True))
    return saying


@pytest.mark.parametrize(
    ("more", "kinds"),
    [
        ({}, ["status"]),
        ({"inReplyTo": f"{BOB}/notes/1"}, ["status"]),
        ({"inReplyTo": f"{CARL}/notes/1"}, []),
        ({"tag": [NAMED], "cc": [ANN]}, ["mention"]),
        ({"to": [CARL], "cc": [], "tag": [{**NAMED, "href": CARL}]}, []),
    ],
    ids=["a post", "a thread", "an answer to others", "naming her", "between others"],
)
def test_a_bell_rings_once_and_for_what_is_meant_for_all(
    belled: Saying, more: dict[str, Any], kinds: list[str]
) -> None:
    belled.received(BOB, "Create", note(BOB, 2, **more))
    assert told(belled) == [(kind, f"{BOB}/notes/2") for kind in kinds]


def test_nobody_is_told_of_what_was_looked_up(belled: Saying) -> None:
    belled.fetched(note(BOB, 2, tag=[NAMED], cc=[ANN]))
    belled.fetched(note(BOB, 3))
    assert belled.connection.execute("SELECT count(*) FROM statuses").fetchone() == (4,)
    assert told(belled) == []


def test_who_boosts_somebody_elsewhere_hears_of_their_edits(saying: Saying) -> None:
    saying.signs_up(ANN, ANN_ID)
    saying.arrives(BOB)
    saying.received(BOB, "Create", note(BOB, 1))
    saying.published(ANN, "Announce", f"{BOB}/notes/1", status_id=2 << 16)
    edited = note(BOB, 1, content="<p>another</p>", updated="2026-05-01T02:00:00Z")
    saying.received(BOB, "Update", edited)
    assert saying.connection.execute("SELECT type, account_id FROM notifications").fetchall() == [("update", ANN_ID)]


@pytest.mark.parametrize("kind", ["Person", "Service"])
def test_what_bots_say_is_kept_apart_from_who_wishes_so(saying: Saying, kind: str) -> None:
    saying.signs_up(ANN, ANN_ID)
    saying.arrives(BOB, type=kind)
    saying.say(NotificationPolicyChosen(account_id=ANN_ID, policy=Policy(bots="filter")))
    saying.received(BOB, "Create", note(BOB, 1, tag=[NAMED], cc=[ANN]))
    assert saying.connection.execute("SELECT filtered FROM notifications").fetchall() == [(kind == "Service",)]
