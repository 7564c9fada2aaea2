"""The one way in which a signature fails."""

from fedi.errors import PeerError


class SignatureError(PeerError):
    """The request's signature does not hold."""

    status = 401
    reason = "bad_signature"


def malformed(reason: str) -> SignatureError:
    """The error for headers that cannot be read at all (400)."""
    return SignatureError("The request's signature cannot be read.", status=400, reason=reason)


def refused(reason: str) -> SignatureError:
    """The error for headers that can be read and prove nothing (401)."""
    return SignatureError(reason=reason)
