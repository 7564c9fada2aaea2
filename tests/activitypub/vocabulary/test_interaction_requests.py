"""Requests of GoToSocial's interaction policies: what is asked for, and what nobody may ask."""

import json
from pathlib import Path
from typing import Any

import pytest

from fedi.activitypub.vocabulary.activities import read_activity
from fedi.activitypub.vocabulary.claims import InteractionAsked
from fedi.errors import PeerError

FIXTURES = Path(__file__).parents[2] / "fixtures" / "activitypub"
ADA, POST, MALLORY = "https://gts.test/users/ada", "https://here.test/users/bob/statuses/5", "https://m.test/mallory"
ASKED = {
    "like_request": InteractionAsked(
        kind="like", uri=f"{ADA}/like_requests/01KFC", object=POST, instrument=f"{ADA}/liked/01KFD"
    ),
    "reply_request": InteractionAsked(
        kind="reply", uri=f"{ADA}/reply_requests/01KFA", object=POST, instrument=f"{ADA}/statuses/01KFB"
    ),
    "announce_request": InteractionAsked(
        kind="boost", uri=f"{ADA}/announce_requests/01KFE", object=POST, instrument=f"{ADA}/boosts/01KFF"
    ),
}


def fixture(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((FIXTURES / f"gotosocial_{name}.json").read_text())
    return document


@pytest.mark.parametrize(("name", "claim"), ASKED.items())
def test_what_is_asked_for_is_asked_and_not_done(name: str, claim: InteractionAsked) -> None:
    assert read_activity(fixture(name)) == (claim,)


@pytest.mark.parametrize(
    ("name", "lie"),
    [
        ("like_request", {"id": f"{MALLORY}/1"}),
        ("like_request", {"actor": MALLORY}),
        ("like_request", {"object": f"{POST}0"}),
        ("reply_request", {"attributedTo": MALLORY}),
        ("reply_request", {"inReplyTo": f"{POST}0"}),
        ("reply_request", {"id": None}),
    ],
)
def test_nobody_asks_for_others_or_for_another_thing(name: str, lie: dict[str, Any]) -> None:
    document = fixture(name)
    with pytest.raises(PeerError):
        read_activity(document | {"instrument": document["instrument"] | lie})


def test_a_request_without_an_id_could_not_be_answered() -> None:
    with pytest.raises(PeerError):
        read_activity(fixture("announce_request") | {"id": None})
