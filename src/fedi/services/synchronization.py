"""The job of finding out who here follows somebody elsewhere, by that one's own list."""

from fedi.services.jobs import Job, job


@job("accounts.synchronize_followers", "pull", attempts=3)
class SynchronizeFollowers(Job, frozen=True, kw_only=True):
    """`actor` says that its followers here are those at `url`, whose digest is `digest`; here others are known."""

    actor: str
    url: str
    digest: str
