"""Lets people follow an account that moved at its new place."""

from fedi.activitypub.resolve import resolve_actor
from fedi.effects.deps import Deps
from fedi.effects.jobs.doing import does
from fedi.effects.move import TakeFollowersAlong

VIEWS_SECONDS = 10.0


@does(TakeFollowersAlong)
async def take_along(job: TakeFollowersAlong, deps: Deps) -> None:
    """Ask the new account whether it agrees, unless it is one of ours, and follow it then."""
    if not job.target_uri.startswith(f"{deps.means.site.base_url}/"):
        found = await resolve_actor(deps.means, job.target_uri)
        await deps.progress.wait_for(found.position, within=VIEWS_SECONDS)
    await deps.take_along(job.account_id, job.target_uri)
