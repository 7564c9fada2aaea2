"""Has other servers told how polls stand: some minutes after somebody voted, and when they end (as Mastodon does)."""

from collections.abc import Sequence
from datetime import timedelta

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from fedi.clock import Clock
from fedi.events.scheduled import PollExpired
from fedi.facts.interactions import PollVoted
from fedi.meaning.interpret import Interpretation
from fedi.services.jobs import Job, Jobs, job

PATIENCE = timedelta(minutes=3)
"""How long after a vote others are told: what is voted meanwhile is told with it."""


@job("polls.tell", "push")
class TellTally(Job, frozen=True, kw_only=True):
    """How a poll stands is to be told."""

    status_id: int


class Tallies:
    """The effect."""

    name = "tallies"

    def __init__(self, clock: Clock, jobs: Jobs) -> None:
        self._clock = clock
        self._jobs = jobs

    async def act(self, connection: AsyncConnection[TupleRow], batch: Sequence[Interpretation]) -> None:
        """Put a job for each poll that was voted in, or ended."""
        voted: dict[int, bool] = {}
        for said in batch:
            for entry in said.entries:
                if isinstance(entry.fact, PollVoted | PollExpired):
                    ended = isinstance(entry.fact, PollExpired)
                    voted[entry.fact.status_id] = voted.get(entry.fact.status_id, False) or ended
        for status_id, ended in voted.items():
            if status_id & 1:  # born elsewhere (see ids.py): its own server tells
                continue
            at = self._clock() if ended else self._clock() + PATIENCE
            once = f"tally:{status_id}:{'end' if ended else 'votes'}"
            await self._jobs.put(TellTally(status_id=status_id), connection=connection, at=at, once=once)

    def acted(self) -> None:
        """The worker of jobs looks by itself."""
