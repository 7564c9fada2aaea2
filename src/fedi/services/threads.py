"""The job of completing a thread."""

from fedi.services.jobs import Job, job


@job("threads.fetch_replies", "pull", attempts=1)
class FetchReplies(Job, frozen=True, kw_only=True):
    """Look where a post was written for the answers to it that nobody here knows."""

    status_id: int
