"""Standing in collections of accounts, as Mastodon asks for it and answers (FEP-7aa9)."""

import pytest

from fedi.activitypub.vocabulary import claims
from fedi.activitypub.vocabulary.activities import read_activity
from fedi.activitypub.vocabulary.authority import MalformedError, NotOwnerError
from tests.support.documents import fixture

ADA, BOB = "https://mastodon.test/users/ada", "https://here.test/users/bob"


def test_somebody_asks_for_a_collection_of_their_own() -> None:
    request = fixture("mastodon_feature_request")
    (claim,) = read_activity(request)
    assert claim == claims.FeatureAsked(
        uri=f"{ADA}#feature_requests/1", member=BOB, collection="https://mastodon.test/ap/users/1/collections/2"
    )
    with pytest.raises(NotOwnerError):
        read_activity({**request, "instrument": "https://other.test/collections/1"})
    with pytest.raises(MalformedError):
        read_activity({**request, "instrument": None})


def test_an_answer_carries_a_stamp_of_its_own_origin() -> None:
    accept = fixture("mastodon_accept_feature")
    (claim,) = read_activity(accept)
    assert claim == claims.FeatureAnswered(
        accepted=True,
        request=f"{BOB}#feature_requests/1",
        member=ADA,
        collection=f"{BOB}/collections/6",
        asker=BOB,
        stamp="https://mastodon.test/ap/users/1/feature_authorizations/1",
    )
    with pytest.raises(NotOwnerError):
        read_activity({**accept, "result": "https://other.test/stamps/1"})
