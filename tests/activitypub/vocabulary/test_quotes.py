"""Quotes on the wire (FEP-044f, FEP-e232 and what came before): read in every dialect, written so that all can read."""

import json
from pathlib import Path
from typing import Any

import pytest

from fedi.activitypub.vocabulary import claims, rendering
from fedi.activitypub.vocabulary.activities import read_activity
from fedi.activitypub.vocabulary.authority import MalformedError, NotOwnerError
from fedi.activitypub.vocabulary.documents import read_document
from fedi.activitypub.vocabulary.posts import read_post
from fedi.activitypub.vocabulary.quotes import rule_of
from fedi.activitypub.vocabulary.rendering import questions
from fedi.activitypub.vocabulary.rendering.quotes import QUESTION
from fedi.activitypub.vocabulary.visibility import PUBLIC
from fedi.descriptions import QuoteRule

FIXTURES = Path(__file__).parents[2] / "fixtures" / "activitypub"
ADA, BOB = "https://mastodon.test/users/ada", "https://here.test/users/bob"
QUOTED = f"{BOB}/statuses/5"


def fixture(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_text())
    return loaded


def note(**fields: Any) -> dict[str, Any]:
    return {"id": f"{ADA}/statuses/1", "type": "Note", "attributedTo": ADA, "content": "x", "to": [PUBLIC], **fields}


@pytest.mark.parametrize(
    "fields",
    [
        {"quote": QUOTED},
        {"quote": {"type": "Note", "id": QUOTED}},
        {"quoteUrl": QUOTED},
        {"quoteUri": QUOTED},
        {"_misskey_quote": QUOTED},
        {"tag": [{"type": "Link", "rel": "https://misskey-hub.net/ns#_misskey_quote", "href": QUOTED}]},
        {"tag": {"type": "Link", "rel": ["https://w3id.org/fep/044f#quote"], "href": QUOTED}},
    ],
)
def test_a_quote_is_read_in_every_dialect(fields: dict[str, Any]) -> None:
    assert read_post(note(**fields)).quote == QUOTED


@pytest.mark.parametrize(
    ("policy", "rule"),
    [
        ({"canQuote": {"automaticApproval": "as:Public"}}, QuoteRule(automatic=(PUBLIC,))),
        ({"canQuote": {"always": [ADA], "approvalRequired": [PUBLIC]}}, QuoteRule(automatic=(ADA,), manual=(PUBLIC,))),
        ({"canQuote": {}}, QuoteRule()),
        ({"canReply": {"always": [PUBLIC]}}, None),
        ("public", None),
        (None, None),
    ],
)
def test_who_may_quote_is_read(policy: object, rule: QuoteRule | None) -> None:
    assert read_post(note(interactionPolicy=policy)).can_quote == rule


def test_a_request_names_the_post_that_is_to_quote() -> None:
    (claim,) = read_activity(fixture("mastodon_quote_request"))
    asked = claims.QuoteAsked(uri=f"{ADA}/quote_requests/1", object=QUOTED, quote=f"{ADA}/statuses/120")
    assert claim == asked


def test_nobody_asks_for_the_post_of_somebody_else() -> None:
    request = fixture("mastodon_quote_request")
    with pytest.raises(NotOwnerError):
        read_activity({**request, "instrument": "https://other.test/notes/1"})
    with pytest.raises(MalformedError):
        read_activity({**request, "instrument": None})


def test_an_answer_carries_the_stamp_which_is_its_authors_own() -> None:
    accept = fixture("mastodon_accept_quote")
    (claim,) = read_activity(accept)
    assert claim == claims.QuoteAnswered(
        accepted=True,
        request=f"{BOB}#quote_requests/1",
        quoted=f"{ADA}/statuses/111",
        quote=f"{BOB}/statuses/6",
        stamp=f"{ADA}/quote_authorizations/1",
    )
    with pytest.raises(NotOwnerError):
        read_activity({**accept, "result": "https://other.test/stamps/1"})
    (named,) = read_activity({**accept, "object": f"{BOB}#quote_requests/1"})
    assert isinstance(named, claims.Answered)
    assert (named.object, named.result) == (f"{BOB}#quote_requests/1", f"{ADA}/quote_authorizations/1")


def test_a_stamp_is_its_authors_own_and_names_both_posts() -> None:
    stamp = fixture("mastodon_quote_authorization")
    uri, quote, quoted = f"{ADA}/quote_authorizations/1", f"{BOB}/statuses/6", f"{ADA}/statuses/111"
    assert read_document(stamp) == claims.Stamped(uri=uri, author=ADA, quote=quote, quoted=quoted)
    with pytest.raises(NotOwnerError):
        read_document({**stamp, "attributedTo": BOB})
    with pytest.raises(MalformedError):
        read_document({**stamp, "interactionTarget": ""})


def test_what_is_written_is_what_is_read() -> None:
    request = questions.embedded(QUESTION, f"{ADA}#quote_requests/1", ADA, QUOTED, f"{ADA}/statuses/1")
    stamp = f"{BOB}/quote_authorizations/7"
    (accepted,) = read_activity(questions.accept(QUESTION, BOB, ADA, request, stamp, 7))
    (rejected,) = read_activity(questions.reject(QUESTION, BOB, ADA, request, 8))
    assert isinstance(accepted, claims.QuoteAnswered)
    assert isinstance(rejected, claims.QuoteAnswered)
    assert (accepted.stamp, accepted.quote, rejected.accepted) == (stamp, f"{ADA}/statuses/1", False)
    (asked,) = read_activity(questions.ask(QUESTION, ADA, BOB, QUOTED, note(), 1))
    assert asked == claims.QuoteAsked(uri=f"{ADA}#quote_requests/1", object=QUOTED, quote=f"{ADA}/statuses/1")
    read = read_document(rendering.stamp(stamp, BOB, f"{ADA}/statuses/1", QUOTED))
    assert read == claims.Stamped(uri=stamp, author=BOB, quote=f"{ADA}/statuses/1", quoted=QUOTED)
    assert read_activity(rendering.delete_stamp(BOB, stamp)) == (claims.Deleted(uri=stamp),)


def test_nobody_means_the_author_alone() -> None:
    assert rule_of("nobody", ADA, f"{ADA}/followers") == QuoteRule(automatic=(ADA,))
    assert rule_of("followers", ADA, f"{ADA}/followers") == QuoteRule(automatic=(f"{ADA}/followers",))
