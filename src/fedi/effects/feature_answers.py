"""Answers those elsewhere who ask that people here stand in their collections (FEP-7aa9).

Whoever lets themselves be found says yes, as they do to people here, and may leave again; nobody waits for a person.
"""

from collections.abc import Sequence

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from fedi.activitypub.vocabulary.rendering import questions
from fedi.activitypub.vocabulary.rendering.featured import QUESTION
from fedi.effects.drafts import because
from fedi.events import Recorded
from fedi.events.activities import ActivityReceived
from fedi.facts.collections import FeatureAsking
from fedi.log.drafts import Draft
from fedi.meaning.interpret import Interpretation
from fedi.site import Site
from fedi.views import accounts, asked, collection_documents, collections
from fedi.views.accounts import AccountRow
from fedi.views.asked import Asked
from fedi.views.collections import Standing


async def answers(connection: AsyncConnection[TupleRow], site: Site, batch: Sequence[Interpretation]) -> list[Draft]:
    """Return what the server says because of what a batch asks."""
    questions = [
        (said.recorded, entry.fact)
        for said in batch
        for entry in said.entries
        if entry.origin == "received" and isinstance(entry.fact, FeatureAsking)
    ]
    if not questions:
        return []
    pairs = await asked.between(connection, [(fact.account_id, fact.member_id) for _, fact in questions])
    people = await accounts.load(connection, {fact.member_id for _, fact in questions})
    known = await collections.standings(connection, [(fact.member_id, fact.collection_uri) for _, fact in questions])
    return [
        _answer(site, recorded, fact, people[fact.member_id], pair, known.get((fact.member_id, fact.collection_uri)))
        for recorded, fact in questions
        if (pair := pairs.get((fact.account_id, fact.member_id))) is not None and fact.member_id in people
    ]


def _answer(
    site: Site, recorded: Recorded, fact: FeatureAsking, member: AccountRow, pair: Asked, standing: Standing | None
) -> Draft:
    assert isinstance(recorded.event, ActivityReceived)
    asker, number = recorded.event.actor, recorded.position
    request = questions.embedded(QUESTION, fact.uri, asker, fact.member_uri, fact.collection_uri)
    left = standing is not None and standing.state != "accepted"
    if pair.blocked or not member.discoverable or left:
        document = questions.reject(QUESTION, pair.uri, asker, request, number)
    else:
        stamp = standing.stamp if standing else collection_documents.authorization(site, member.id, number)
        document = questions.accept(QUESTION, pair.uri, asker, request, stamp, number)
    return because("feature", recorded, document, member.id)
