"""Speaks with relays of LitePub's kind (FEP-ae0c): they are announced what is public here, and may follow back.

Mastodon's relays get the activities themselves, see `deliver`. One of LitePub's kind passes on what the server itself
announces, and expects to follow it as it is followed.
"""

from collections.abc import Sequence

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from fedi.activitypub.vocabulary import rendering
from fedi.activitypub.vocabulary.rendering.contexts import Json
from fedi.events import Recorded
from fedi.facts.relationships import ServerAsked
from fedi.facts.statuses import StatusPublished
from fedi.meaning.interpret import Interpretation
from fedi.services.jobs import Jobs
from fedi.services.relays import TellRelay
from fedi.site import Site
from fedi.views import relays
from fedi.views.relays import Relay


class Relaying:
    """The effect. Its queue is that of the jobs."""

    name = "relaying"

    def __init__(self, jobs: Jobs, site: Site) -> None:
        self._jobs = jobs
        self._site = site

    async def act(self, connection: AsyncConnection[TupleRow], batch: Sequence[Interpretation]) -> None:
        """Put a job for each new public post and relay, and for each relay that follows the server."""
        concerning = [(said.recorded, fact) for said in batch if (fact := self._concerning(said)) is not None]
        if not concerning:
            return
        known = [each for each in await relays.everything(connection) if each.announces]
        for recorded, fact in concerning:
            for relay in known:
                if (document := self._told(relay, recorded, fact)) is not None:
                    told = TellRelay(inbox=relay.inbox, document=msgspec.json.encode(document).decode())
                    await self._jobs.put(told, connection=connection)

    def acted(self) -> None:
        """The workers hear of new jobs by themselves."""

    def _concerning(self, said: Interpretation) -> StatusPublished | ServerAsked | None:
        for entry in said.entries:
            match entry.fact:
                case StatusPublished(visibility="public") as fact if entry.origin == "published":
                    return fact
                case ServerAsked() as fact if fact.target == self._site.instance_actor:
                    return fact
        return None

    def _told(self, relay: Relay, recorded: Recorded, fact: StatusPublished | ServerAsked) -> Json | None:
        actor = self._site.instance_actor
        if isinstance(fact, StatusPublished):
            if relay.state != "accepted":
                return None
            return rendering.relayed(actor, relay.target, fact.post.uri, fact.status_id, recorded.recorded_at)
        if fact.actor != relay.target or relay.state == "rejected":
            return None
        return rendering.accept(actor, fact.actor, fact.uri, recorded.position)
