"""Who reads: the account whose key signed a GET, for whatever only some may see."""

from starlette.requests import Request

from fedi.activitypub.server.edge import Edge
from fedi.activitypub.server.paths import target_of
from fedi.activitypub.signatures import check_window, parse
from fedi.errors import PeerError
from fedi.views import accounts


async def viewer_of(edge: Edge, request: Request) -> int | None:
    """Return the account that signed a request; None for nobody that is known here, or a signature that does not hold.

    Nothing is fetched: whoever may see more than everybody follows or was named, and so is known. To fetch for
    strangers would let two servers that both do so ask each other in circles.
    """
    if "signature" not in request.headers:
        return None
    now = edge.clock()
    try:
        claim = parse(
            request.scope["headers"],
            method=request.method,
            target=target_of(request.scope),
            origin=edge.site.base_url,
            body=b"",
        )
        check_window(claim, now)
        signer = await edge.signers.of_known(claim, now)
    except PeerError:
        return None
    if signer is None:
        return None
    async with edge.pool.connection() as connection:
        return (await accounts.by_uris(connection, [signer.actor])).get(signer.actor)
