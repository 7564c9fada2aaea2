"""How a request to another server fails."""

from fedi.errors import PeerError


class Unreachable(PeerError):
    """The other server could not be reached, or its answer could not be read."""

    status = 503
    reason = "unreachable"


class AddressRefused(Unreachable):
    """The other server's address is one that this server does not connect to."""

    reason = "address_refused"


class TooSlow(Unreachable):
    """The other server took too long."""

    reason = "too_slow"


class TooLarge(Unreachable):
    """The other server's answer is too large."""

    reason = "too_large"
