"""Lets go of the uploads of posts and people that are gone; `jobs/media_cleaning` deletes them a day later."""

from collections.abc import Sequence

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from fedi.facts.accounts import AccountDeleted
from fedi.facts.statuses import StatusDeleted
from fedi.meaning.interpret import Interpretation
from fedi.registry import media


class Release:
    """The effect. It changes rows of the registry in the cursor's own transaction, and nothing else."""

    name = "release"

    async def act(self, connection: AsyncConnection[TupleRow], batch: Sequence[Interpretation]) -> None:
        """Unbind what the posts and accounts that a batch deletes have held."""
        facts = [entry.fact for said in batch for entry in said.entries]
        posts = [fact.status_id for fact in facts if isinstance(fact, StatusDeleted)]
        accounts = [fact.account_id for fact in facts if isinstance(fact, AccountDeleted)]
        if posts:
            await media.release_posts(connection, posts)
        if accounts:
            await media.abandon(connection, accounts)

    def acted(self) -> None:
        """Nothing waits for the cursor."""
