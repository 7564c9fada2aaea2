"""Has the pages looked at that people link from their profiles: one that links back belongs to them.

Of people elsewhere only those count whom somebody here follows: strangers cannot make this server ask others.
"""

from collections.abc import Sequence

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from fedi.activitypub.vocabulary.profile_links import links_of
from fedi.facts.accounts import AccountChanged
from fedi.meaning.interpret import Interpretation
from fedi.services.jobs import Job, Jobs, job
from fedi.views import followings


@job("accounts.verify_links", "pull", attempts=3)
class VerifyLinks(Job, frozen=True, kw_only=True):
    """The profile of an account has links that nobody has looked at."""

    account_id: int


class Verify:
    """The effect."""

    name = "verify"

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    async def act(self, connection: AsyncConnection[TupleRow], batch: Sequence[Interpretation]) -> None:
        """Put a job for each account that changed and has links."""
        changed = {
            entry.fact.account_id: entry.fact.domain is None
            for said in batch
            for entry in said.entries
            if isinstance(entry.fact, AccountChanged) and links_of(entry.fact.profile.fields)
        }
        if not changed:
            return
        strangers = [account for account, local in changed.items() if not local]
        followed = await followings.followed_here(connection, strangers)
        for account, local in changed.items():
            if local or account in followed:
                await self._jobs.put(VerifyLinks(account_id=account), connection=connection, once=f"verify:{account}")

    def acted(self) -> None:
        """Nobody waits for this: the worker of jobs looks by itself."""
