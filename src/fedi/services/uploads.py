"""The jobs that write films, sound and animations anew: uploaded ones, and copies of other servers'."""

from fedi.services.jobs import Job, job
from fedi.services.media.sniffing import Container

LANES = 2
"""How many are written anew at a time: others wait without keeping a worker from its mails."""


@job("media.process", "default")
class ProcessUpload(Job, frozen=True, kw_only=True):
    """`container` is what the content was found to be."""

    media_id: int
    container: Container


@job("media.copy", "pull", attempts=1)
class CopyFilm(Job, frozen=True, kw_only=True):
    """Fetch the film or sound of which the row `media_id` is to be the copy."""

    media_id: int
    url: str


def lane(media_id: int) -> str:
    """Return the lane in which an upload waits for its turn."""
    return f"media-{media_id % LANES}"
