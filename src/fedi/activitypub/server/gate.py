"""Who may ask for documents at all: nobody whose server is suspended, and in secure mode only those who sign.

In secure mode the key of a stranger is asked for, by the instance actor, whose document is served to everybody: two
servers in secure mode do not wait for each other (contract ActivityPub §5).
"""

from starlette.requests import Request
from starlette.responses import Response

from fedi.activitypub.server.answers import Handler, refusal
from fedi.activitypub.server.edge import Edge
from fedi.activitypub.server.paths import target_of
from fedi.activitypub.signatures import SignatureClaim, SignatureError, check_window, parse
from fedi.callers import block_of, caller_address
from fedi.errors import PeerError


def guarded(handler: Handler) -> Handler:
    """Return a handler that answers only those who may ask: 401 to who does not sign, 403 to who is suspended."""

    async def admit(edge: Edge, request: Request) -> Response:
        try:
            await _check(edge, request)
        except PeerError as error:
            return refusal(error)
        return await handler(edge, request)

    return admit


async def _check(edge: Edge, request: Request) -> None:
    claim = _claim(edge, request)
    if claim is None:
        return
    border = await edge.borders.check(claim.key_id.authority)
    if not edge.secure_mode:
        return
    now = edge.clock()
    check_window(claim, now)
    signer = await edge.signers.of(claim, _caller(edge, request), now)
    if signer.actor in border.shut_out:
        raise SignatureError(status=403, reason="suspended")


def _claim(edge: Edge, request: Request) -> SignatureClaim | None:
    """Return what a request's signature claims; None where nobody has to sign, and what is written is none."""
    if "signature" not in request.headers:
        if edge.secure_mode:
            raise SignatureError("This request must be signed.", reason="unsigned")
        return None
    try:
        return parse(
            request.scope["headers"],
            method=request.method,
            target=target_of(request.scope),
            origin=edge.site.base_url,
            body=b"",
        )
    except PeerError:
        if edge.secure_mode:
            raise
        return None


def _caller(edge: Edge, request: Request) -> str:
    peer = request.client.host if request.client else None
    address = caller_address(peer, request.headers.getlist("x-forwarded-for"), edge.trusted_proxies)
    return block_of(address) if address else ""
