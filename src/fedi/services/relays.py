"""What the server itself says to relays, as jobs."""

from fedi.services.jobs import Job, job


@job("relays.tell", "push", attempts=8)
class TellRelay(Job, frozen=True, kw_only=True):
    """A Follow, or the Undo of one, is to be told to a relay; `document` is JSON."""

    inbox: str
    document: str
