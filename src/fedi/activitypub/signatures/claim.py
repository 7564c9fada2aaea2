"""From a request to a claim, and from a claim and a key to a verdict."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from fedi.activitypub.signatures.cavage import parse_cavage
from fedi.activitypub.signatures.errors import refused
from fedi.activitypub.signatures.headers import SignedRequest, read_headers
from fedi.activitypub.signatures.keys import PublicKey, holds
from fedi.activitypub.signatures.rfc9421 import parse_rfc9421
from fedi.activitypub.signatures.shape import SignatureClaim

SKEW = timedelta(hours=1)
DEFAULT_LIFE = timedelta(minutes=5)
LONGEST_LIFE = timedelta(hours=12)

_RSA_LABELS = frozenset({"rsa-sha256", "rsa-v1_5-sha256"})


def parse(
    headers: Sequence[tuple[bytes, bytes]], *, method: str, target: str, origin: str, body: bytes
) -> SignatureClaim:
    """Read a request's signature: RFC 9421 where there is a `Signature-Input`, else draft-cavage-12.

    `target` is path and query as they came; `origin` is our own base URL, without a slash, and the request's Host must
    be its authority. Checks that enough is covered and that the digest is the body's. Raises `SignatureError`: 401 when
    there is no signature or it covers too little, 400 when it cannot be read.
    """
    values, repeated = read_headers(headers)
    if "signature" not in values:
        raise refused("unsigned")
    request = SignedRequest(
        method=method.upper(), target=target, origin=origin.lower(), headers=values, repeated=repeated
    )
    read = parse_rfc9421 if "signature-input" in values else parse_cavage
    return read(request, body)


def check_window(claim: SignatureClaim, now: datetime) -> None:
    """Refuse a signature from the future or past its life, with an hour for clocks that are wrong.

    As Mastodon: life is five minutes unless the signature says otherwise, twelve hours at most. Raises
    `SignatureError` (401).
    """
    if claim.signed_at - now > SKEW:
        raise refused("date_in_future")
    expires_at = claim.expires_at or claim.signed_at + DEFAULT_LIFE
    if now - min(expires_at, claim.signed_at + LONGEST_LIFE) > SKEW:
        raise refused("date_too_old")


def verify(claim: SignatureClaim, key: PublicKey, now: datetime) -> None:
    """Check a claim against the key that its `key_id` names; raises `SignatureError` (401)."""
    check_window(claim, now)
    if claim.algorithm in _RSA_LABELS and not isinstance(key, RSAPublicKey):
        raise refused("algorithm_mismatch")
    if claim.algorithm == "ed25519" and isinstance(key, RSAPublicKey):
        raise refused("algorithm_mismatch")
    if not any(holds(key, claim.signature, text) for text in claim.signing_strings):
        raise refused("signature_mismatch")
