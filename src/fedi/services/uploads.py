"""The job that writes an uploaded film, sound or animation anew."""

from fedi.services.jobs import Job, job
from fedi.services.sniffing import Container

LANES = 2
"""How many are written anew at a time: others wait without keeping a worker from its mails."""


@job("media.process", "default")
class ProcessUpload(Job, frozen=True, kw_only=True):
    """`container` is what the content was found to be."""

    media_id: int
    container: Container


def lane(media_id: int) -> str:
    """Return the lane in which an upload waits for its turn."""
    return f"media-{media_id % LANES}"
