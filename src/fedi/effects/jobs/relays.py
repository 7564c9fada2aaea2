"""Tells relays that this server subscribes, or no longer does, in the instance actor's name."""

from fedi.activitypub.vocabulary import uris
from fedi.effects.deps import Deps
from fedi.effects.jobs.doing import does
from fedi.errors import FediError
from fedi.services.http import AddressRefused
from fedi.services.relays import TellRelay
from fedi.views.borders import Closed


class NotTaken(FediError):
    """The relay did not take it."""


@does(TellRelay)
async def tell(job: TellRelay, deps: Deps) -> None:
    """Send it. Raises NotTaken, and Unreachable."""
    try:
        answer = await deps.means.knocker.post(uris.parse(job.inbox), job.document.encode())
    except (AddressRefused, Closed, uris.InvalidUriError):
        return
    if answer.status >= 500 or answer.status in {401, 408, 429}:
        raise NotTaken(f"{job.inbox} answers {answer.status}")
