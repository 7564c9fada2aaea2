"""Puts a job for each new notification that somebody who is away wants a mail of. Of each kind one waits at a time, for
some minutes: a crowd of new followers is one mail."""

from collections.abc import Sequence
from datetime import timedelta

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from fedi.clock import Clock
from fedi.meaning.interpret import Interpretation
from fedi.services.jobs import Jobs
from fedi.services.mailer import SendNotice
from fedi.views import notices

PATIENCE = timedelta(minutes=5)


class Notices:
    """The effect. Its queue is that of the jobs."""

    name = "notices"

    def __init__(self, jobs: Jobs, clock: Clock, *, sending: bool) -> None:
        """Without `sending` the cursor moves on all the same: nobody gets the mail of months when it is set up."""
        self._jobs = jobs
        self._clock = clock
        self._sending = sending

    async def act(self, connection: AsyncConnection[TupleRow], batch: Sequence[Interpretation]) -> None:
        """Have mailed what a batch gave people to hear."""
        if not self._sending:
            return
        first, last, moment = batch[0].recorded.position, batch[-1].recorded.position, self._clock()
        for each in await notices.due(connection, first, last, moment):
            await self._jobs.put(
                SendNotice(user_id=each.user_id, notification_id=each.notification_id),
                connection=connection,
                at=moment + PATIENCE,
                once=f"notice:{each.user_id}:{each.type}",
            )

    def acted(self) -> None:
        """The workers hear of new jobs by themselves."""
