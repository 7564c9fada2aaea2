"""The job of completing a thread."""

from fedi.services.jobs import Job, job


@job("threads.fetch_replies", "pull", attempts=1)
class FetchReplies(Job, frozen=True, kw_only=True):
    """Look where the posts of a thread were written for those that nobody here knows; `status_id` was opened."""

    status_id: int
    thread_id: int
