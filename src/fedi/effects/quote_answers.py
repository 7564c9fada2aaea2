"""Answers those elsewhere who ask to quote local people, and tells everybody what local quotes were allowed.

What local authors said of who may quote them decides; nobody waits for a person. When the quoted author elsewhere says
yes, or takes it back, the post that quotes is sent again with the stamp, or without it: others check it for themselves.
"""

from collections.abc import Iterator, Sequence

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from fedi.activitypub.vocabulary import addresses, posts, rendering
from fedi.activitypub.vocabulary.rendering import questions
from fedi.activitypub.vocabulary.rendering.quotes import QUESTION
from fedi.effects.drafts import because
from fedi.events import Recorded
from fedi.events.activities import ActivityReceived
from fedi.facts.quotes import QuoteAccepted, QuoteEnded, QuoteRequested
from fedi.log.drafts import Draft
from fedi.meaning.interpret import Interpretation
from fedi.site import Site
from fedi.views import quotes
from fedi.views.quotes import Asked, Quoting


async def answers(connection: AsyncConnection[TupleRow], site: Site, batch: Sequence[Interpretation]) -> list[Draft]:
    """Return what the server says because of what a batch says of quotes."""
    found = await _to_questions(connection, batch)
    return found + await _to_answers(connection, site, batch)


async def _to_questions(connection: AsyncConnection[TupleRow], batch: Sequence[Interpretation]) -> list[Draft]:
    questions = [
        (said.recorded, entry.fact)
        for said in batch
        for entry in said.entries
        if entry.origin == "received" and isinstance(entry.fact, QuoteRequested)
    ]
    if not questions:
        return []
    asked = await quotes.asked(connection, [(fact.account_id, fact.quoted_id) for _, fact in questions])
    return [
        _answer(recorded, fact, about)
        for recorded, fact in questions
        if (about := asked.get((fact.account_id, fact.quoted_id))) is not None
    ]


def _answer(recorded: Recorded, fact: QuoteRequested, about: Asked) -> Draft:
    assert isinstance(recorded.event, ActivityReceived)
    asker, number = recorded.event.actor, recorded.position
    request = questions.embedded(QUESTION, fact.uri, asker, fact.quoted_uri, fact.quote_uri)
    if about.allowed:
        stamp = addresses.stamp(about.author_uri, number)
        document = questions.accept(QUESTION, about.author_uri, asker, request, stamp, number)
    else:
        document = questions.reject(QUESTION, about.author_uri, asker, request, number)
    return because("quote", recorded, document, about.author_id)


async def _to_answers(
    connection: AsyncConnection[TupleRow], site: Site, batch: Sequence[Interpretation]
) -> list[Draft]:
    answered = list(_answered(batch))
    if not answered:
        return []
    known = {
        each.status_id: each for each in await quotes.quoting(connection, [fact.status_id for _, fact in answered])
    }
    return [_told(site, recorded, known[fact.status_id]) for recorded, fact in answered if fact.status_id in known]


def _answered(batch: Sequence[Interpretation]) -> Iterator[tuple[Recorded, QuoteAccepted | QuoteEnded]]:
    for said in batch:
        for entry in said.entries:
            match entry.fact:
                case QuoteAccepted() as fact if entry.origin == "received":
                    yield said.recorded, fact
                case QuoteEnded() as fact if entry.origin in {"received", "published"}:
                    yield said.recorded, fact


def _told(site: Site, recorded: Recorded, quoting: Quoting) -> Draft:
    post = posts.read_post(msgspec.json.decode(quoting.document))
    stamped = msgspec.structs.replace(post, quote_authorization=quoting.stamp)
    document = rendering.update(rendering.note(site, stamped), recorded.recorded_at)
    return because("stamped", recorded, document, quoting.account_id, hide_totals=quoting.hide_totals)
