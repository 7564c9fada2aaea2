"""Who may ask for documents at all: nobody whose server is suspended, and in secure mode only those who sign.

In secure mode the key of a stranger is asked for, by the instance actor, whose document is served to everybody: two
servers in secure mode do not wait for each other (contract ActivityPub §5).
"""

import contextlib

from starlette.requests import Request
from starlette.responses import Response

from fedi.activitypub.server.answers import Handler
from fedi.activitypub.server.edge import Edge
from fedi.activitypub.server.paths import target_of
from fedi.activitypub.server.signers import Signer
from fedi.activitypub.signatures import SignatureClaim, SignatureError, check_window, parse
from fedi.callers import block_of, caller_address


def guarded(handler: Handler) -> Handler:
    """Return a handler that answers only those who may ask: 401 to who does not sign, 403 to who is suspended."""

    async def admit(edge: Edge, request: Request) -> Response:
        await _check(edge, request)
        return await handler(edge, request)

    return admit


async def signer_of(edge: Edge, request: Request) -> Signer:
    """Return who signed a request, whose key is asked for if need be. Raises `PeerError` (401, 403, 429, 503)."""
    claim = _claim(edge, request)
    border = await edge.borders.check(claim.key_id.authority)
    now = edge.clock()
    check_window(claim, now)
    signer = await edge.signers.of(claim, _caller(edge, request), now)
    if signer.actor in border.shut_out:
        raise SignatureError(status=403, reason="suspended")
    return signer


async def _check(edge: Edge, request: Request) -> None:
    """Raise `PeerError` for who may not ask. Where nobody has to sign, what is no signature is as good as none."""
    if edge.secure_mode:
        await signer_of(edge, request)
    elif "signature" in request.headers:
        with contextlib.suppress(SignatureError):
            await edge.borders.check(_claim(edge, request).key_id.authority)


def _claim(edge: Edge, request: Request) -> SignatureClaim:
    if "signature" not in request.headers:
        raise SignatureError("This request must be signed.", reason="unsigned")
    return parse(
        request.scope["headers"],
        method=request.method,
        target=target_of(request.scope),
        origin=edge.site.base_url,
        body=b"",
    )


def _caller(edge: Edge, request: Request) -> str:
    peer = request.client.host if request.client else None
    address = caller_address(peer, request.headers.getlist("x-forwarded-for"), edge.trusted_proxies)
    return block_of(address) if address else ""
