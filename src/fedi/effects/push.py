"""Puts a job for each subscription that a new notification concerns. Notifications are found by the events behind them:
a rebuild makes the same ones again, and as the cursor has passed those events, nobody is told twice."""

from collections.abc import Sequence

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from fedi.meaning.interpret import Interpretation
from fedi.services.jobs import Jobs
from fedi.services.push import SendPush
from fedi.views import pushes


class Push:
    """The effect. Its queue is that of the jobs."""

    name = "push"

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    async def act(self, connection: AsyncConnection[TupleRow], batch: Sequence[Interpretation]) -> None:
        """Have pushed what a batch gave people to hear."""
        for each in await pushes.due(connection, batch[0].recorded.position, batch[-1].recorded.position):
            job = SendPush(subscription_id=each.subscription_id, notification_id=each.notification_id)
            await self._jobs.put(job, connection=connection)

    def acted(self) -> None:
        """The workers hear of new jobs by themselves."""
