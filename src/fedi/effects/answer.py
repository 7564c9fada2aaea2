"""Answers those elsewhere who ask to follow local people: Accept at once, unless a person decides, as they do about
those whom the operator limits; Reject if blocked or suspended.
How it answers those who ask to quote them, or to have them in a collection, stands in `quote_answers` and
`feature_answers`, to do other things to their posts in `interaction_answers`; what it tells of collections in
`collection_news`.

It reacts to what was received, never to what the server itself said, so no answer can cause another. An answer is
appended under an identity made of the question's, so that it is said once however often a batch is taken.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from fedi.activitypub.vocabulary import rendering
from fedi.effects import collection_news, feature_answers, interaction_answers, quote_answers
from fedi.effects.drafts import because
from fedi.events import Recorded
from fedi.events.activities import ActivityReceived
from fedi.facts.relationships import FollowRequested
from fedi.log.appender import Appender
from fedi.log.drafts import Conflict, Draft
from fedi.meaning.interpret import Interpretation
from fedi.site import Site
from fedi.views import asked
from fedi.views.asked import Asked

Kind = Literal["accept", "reject"]
_SPEAKERS = (quote_answers.answers, feature_answers.answers, interaction_answers.answers, collection_news.answers)


class Answer:
    """The effect. Its queue is the log."""

    name = "answer"

    def __init__(self, appender: Appender, site: Site) -> None:
        self._appender = appender
        self._site = site

    async def act(self, connection: AsyncConnection[TupleRow], batch: Sequence[Interpretation]) -> None:
        """Append an answer to each question in a batch that the server may answer by itself."""
        for speak in _SPEAKERS:
            for draft in await speak(connection, self._site, batch):
                await self._append(draft)
        questions = list(_questions(batch))
        if not questions:
            return
        between = await asked.between(connection, [(fact.account_id, fact.target_id) for _, fact in questions])
        for recorded, fact in questions:
            pair = between.get((fact.account_id, fact.target_id))
            kind = None if pair is None else decide(pair)
            if pair is not None and kind is not None:
                await self._say(kind, recorded, fact, pair)

    def acted(self) -> None:
        """Nothing waits for the cursor."""

    async def _say(self, kind: Kind, recorded: Recorded, fact: FollowRequested, pair: Asked) -> None:
        assert isinstance(recorded.event, ActivityReceived)
        say = rendering.accept if kind == "accept" else rendering.reject
        document = say(pair.uri, recorded.event.actor, fact.uri, recorded.position)
        await self._append(because(kind, recorded, document, pair.asked_id))

    async def _append(self, draft: Draft) -> None:
        try:
            await self._appender.append([draft])
        except Conflict:
            return  # it was said before this process, or the one before it, was interrupted


def decide(pair: Asked) -> Kind | None:
    """Return what to answer; None where a person decides. Who follows already is told so again."""
    if pair.blocked:
        return "reject"
    return "accept" if pair.accepted or not (pair.locked or pair.limited) else None


def _questions(batch: Sequence[Interpretation]) -> Iterator[tuple[Recorded, FollowRequested]]:
    for said in batch:
        for entry in said.entries:
            if entry.origin == "received" and isinstance(entry.fact, FollowRequested):
                yield said.recorded, entry.fact
