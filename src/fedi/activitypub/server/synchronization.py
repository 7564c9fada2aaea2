"""Followers synchronisation (FEP-8fcf), from both sides: what is listed for others, and what they say of theirs."""

from starlette.requests import Request
from starlette.responses import Response

from fedi.activitypub.server import paths
from fedi.activitypub.server.actors import actor_named
from fedi.activitypub.server.answers import activity, missing
from fedi.activitypub.server.edge import Edge
from fedi.activitypub.server.gate import signer_of
from fedi.activitypub.vocabulary import addresses, rendering, synchronization
from fedi.activitypub.vocabulary.hosts import authority_of
from fedi.activitypub.vocabulary.synchronization import Synchronization
from fedi.services.synchronization import SynchronizeFollowers
from fedi.views import followings


async def show_followers(edge: Edge, request: Request) -> Response:
    """GET /users/NAME/followers_synchronization: who of the asking server follows somebody; it must sign."""
    if not edge.synchronizes_followers:
        raise missing()
    signer = await signer_of(edge, request)
    actor = await actor_named(edge, paths.username(request))
    asking = authority_of(signer.actor)
    async with edge.pool.connection() as connection:
        found = await followings.followers_elsewhere(connection, actor.id)
    items = [uri for uri in (found.followers if found else ()) if authority_of(uri) == asking]
    uri = addresses.followers_synchronization(actor.uri)
    return activity(request, rendering.collection(uri, len(items), items=items))


async def compare(edge: Edge, actor: str, header: str) -> None:
    """Look into what an actor, whose signature held, says of its followers here, if it is not what is known.

    It speaks of nothing but its own followers, and names no place but one of its own host.
    """
    said = synchronization.read(header) if edge.synchronizes_followers else None
    if said is None or edge.compared.is_known(actor, said.digest) or authority_of(said.url) != authority_of(actor):
        return
    async with edge.pool.connection() as connection:
        known = await followings.followers_here(connection, actor)
        if known is None or known.followers_uri != said.collection:
            return
        if synchronization.digest_of(known.followers) != said.digest:
            await edge.jobs.put(_job(actor, said), connection=connection, once=f"followers of {actor}")
    edge.compared.remember(actor, said.digest)


def _job(actor: str, said: Synchronization) -> SynchronizeFollowers:
    return SynchronizeFollowers(actor=actor, url=said.url, digest=said.digest)
