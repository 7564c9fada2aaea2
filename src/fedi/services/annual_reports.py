"""The job that counts somebody's year."""

from fedi.services.jobs import Job, job


@job("reports.annual", "default")
class MakeAnnualReport(Job, frozen=True, kw_only=True):
    account_id: int
    year: int

    @property
    def key(self) -> str:
        """Of jobs with the same key one is enough."""
        return f"annual-report-{self.account_id}-{self.year}"
