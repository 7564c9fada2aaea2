"""Who wants to hear of each post of somebody hears of those after they said so, and of no other."""

import pytest

from fedi.events.accounts import FollowOptionsChanged
from fedi.facts.accounts import AccountChanged
from tests.support.saying import Saying, note

ANN = "http://localhost:3000/users/ann"
BOB = "https://far.example/users/bob"
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
    mention = {"type": "Mention", "href": ANN, "name": "@ann"}
    saying.say(
        saying.delivery(BOB, "Create", note(BOB, 1)),
        saying.delivery(BOB, "Create", note(BOB, 2, tag=[mention], to=[to], cc=[ANN])),
    )
    assert told(saying) == [("mention", f"{BOB}/notes/2")]
