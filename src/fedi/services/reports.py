"""Passing reports on, as jobs."""

from fedi.services.jobs import Job, job


@job("reports.forward", "push", attempts=8)
class ForwardReport(Job, frozen=True, kw_only=True):
    """Another server is to be told of a report, at one of its inboxes."""

    report_id: int
    inbox: str
