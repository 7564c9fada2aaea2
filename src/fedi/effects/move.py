"""Takes people here along with the accounts they follow when those move: a job for each move."""

from collections.abc import Sequence

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from fedi.facts.accounts import AccountMoved
from fedi.meaning.interpret import Interpretation
from fedi.services.jobs import Job, Jobs, job


@job("accounts.take_followers_along", "pull")
class TakeFollowersAlong(Job, frozen=True, kw_only=True):
    """An account said that it moved to the one at `target_uri`."""

    account_id: int
    target_uri: str


class Move:
    """The effect."""

    name = "move"

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    async def act(self, connection: AsyncConnection[TupleRow], batch: Sequence[Interpretation]) -> None:
        """Put a job for each account that moved."""
        for said in batch:
            for entry in said.entries:
                if isinstance(entry.fact, AccountMoved) and entry.origin in {"received", "published"}:
                    wanted = TakeFollowersAlong(account_id=entry.fact.account_id, target_uri=entry.fact.target_uri)
                    await self._jobs.put(wanted, connection=connection)

    def acted(self) -> None:
        """The jobs are woken by the database."""
