"""Answers those elsewhere who ask whether they may favourite, answer or boost what local people wrote (GoToSocial).

People here have no rules of their own for that: whoever may see a post may do it, and boosts are for what is open to
all. Nobody waits for a person. What was asked for is done when it comes, as it is by those who never ask.
"""

from collections.abc import Sequence

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from fedi.activitypub.vocabulary import addresses
from fedi.activitypub.vocabulary.rendering import questions
from fedi.activitypub.vocabulary.rendering.interactions import QUESTIONS
from fedi.effects.drafts import because
from fedi.events import Recorded
from fedi.events.activities import ActivityReceived
from fedi.facts.interactions import InteractionRequested
from fedi.log.drafts import Draft
from fedi.meaning.interpret import Interpretation
from fedi.meaning.names import key_of
from fedi.site import Site
from fedi.views import interaction_requests
from fedi.views.interaction_requests import Asked


async def answers(connection: AsyncConnection[TupleRow], site: Site, batch: Sequence[Interpretation]) -> list[Draft]:
    """Return what the server says because of what a batch asks."""
    asked = [
        (said.recorded, entry.fact)
        for said in batch
        for entry in said.entries
        if entry.origin == "received" and isinstance(entry.fact, InteractionRequested)
    ]
    if not asked:
        return []
    known = await interaction_requests.asked(connection, [_question(fact) for _, fact in asked])
    return [
        _answer(recorded, fact, about) for recorded, fact in asked if (about := known.get(_question(fact))) is not None
    ]


def _question(fact: InteractionRequested) -> interaction_requests.Question:
    return fact.kind, fact.account_id, fact.status_id


def _answer(recorded: Recorded, fact: InteractionRequested, about: Asked) -> Draft:
    assert isinstance(recorded.event, ActivityReceived)
    kind, asker, number = QUESTIONS[fact.kind], recorded.event.actor, recorded.position
    request = questions.embedded(kind, fact.uri, asker, fact.status_uri, fact.instrument_uri)
    if about.allowed:
        stamp = addresses.interaction_stamp(about.author_uri, key_of(fact.uri))
        document = questions.accept(kind, about.author_uri, asker, request, stamp, number)
    else:
        document = questions.reject(kind, about.author_uri, asker, request, number)
    return because("interaction", recorded, document, about.author_id)
