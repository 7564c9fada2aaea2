"""What follows from it that the operator keeps somebody away: jobs for each decision.

Follows end that join people here with those who are suspended, and copies go of files that are not to be shown.

The views know of the decision by then, so no follow gets in between. What they hide comes back when the decision is
taken back; follows do not, for the other side was told that they ended.
"""

from collections.abc import Iterator, Sequence

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from fedi.events import Event
from fedi.events.domains import DomainDisallowed, DomainLimited
from fedi.events.moderation import AccountRestricted
from fedi.meaning.interpret import Interpretation
from fedi.services.jobs import Job, Jobs, job


@job("accounts.sever", "default")
class Sever(Job, frozen=True, kw_only=True):
    """Nothing is to come from a domain any more, or from an account that lives elsewhere."""

    domain: str = ""
    account_id: int = 0


@job("media.reject", "default")
class RejectFiles(Job, frozen=True, kw_only=True):
    """No files of a domain are to be kept any more."""

    domain: str


class Severing:
    """The effect."""

    name = "severing"

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    async def act(self, connection: AsyncConnection[TupleRow], batch: Sequence[Interpretation]) -> None:
        """Put jobs for each domain and account that was suspended, and for each domain whose files are rejected."""
        for said in batch:
            for wanted in _wanted(said.recorded.event):
                await self._jobs.put(wanted, connection=connection)

    def acted(self) -> None:
        """The jobs are woken by the database."""


def _wanted(event: Event) -> Iterator[Sever | RejectFiles]:
    if isinstance(event, DomainLimited) and (event.reject_media or event.severity == "suspend"):
        yield RejectFiles(domain=event.domain)
    match event:
        case DomainLimited(domain=domain, severity="suspend") | DomainDisallowed(domain=domain):
            yield Sever(domain=domain)
        case AccountRestricted(account_id=account_id, restriction="suspend"):
            yield Sever(account_id=account_id)
