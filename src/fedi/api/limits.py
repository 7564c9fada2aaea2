"""How much a client may do in a while: Mastodon's numbers, told in Mastodon's headers.

A person is counted over all their apps and each token by itself; a stranger by address, or for IPv6 by the /64, which
is one customer's anyway. Reading goes on while it is counted, for nothing is lost if it was too much; what changes
something waits for the count.
"""

from typing import Literal

from starlette.types import Scope

from fedi.api.request import ApiRequest
from fedi.api.routing import Endpoint
from fedi.callers import block_of
from fedi.services.limiter import Counted, Counting, Limit, Limiter, TooManyRequestsError

RawHeaders = list[tuple[bytes, bytes]]
Whose = Literal["person", "address"]

PER_PERSON = Limit("person", 1500, 300)
PER_TOKEN = Limit("token", 300, 300)
PER_ADDRESS = Limit("address", 300, 300)
PAGES_PER_PERSON = Limit("pages:person", 300, 900)
PAGES_PER_ADDRESS = Limit("pages:address", 300, 900)
MEDIA = Limit("media", 30, 1800)
DELETIONS = Limit("deletions", 30, 1800)
SIGN_UPS = Limit("sign_ups", 5, 1800)
APPS = Limit("apps", 5, 600)
CONFIRMATIONS = Limit("confirmations:address", 25, 300)
POSTS = Limit("posts", 300, 3 * 3600)
FOLLOWS = Limit("follows", 400, 24 * 3600)
REPORTS = Limit("reports", 400, 24 * 3600)

_OF: dict[tuple[str, str], tuple[Limit, Whose]] = {
    ("POST", "/api/v1/media"): (MEDIA, "person"),
    ("POST", "/api/v2/media"): (MEDIA, "person"),
    ("DELETE", "/api/v1/statuses/:id"): (DELETIONS, "person"),
    ("POST", "/api/v1/statuses/:id/unreblog"): (DELETIONS, "person"),
    ("POST", "/api/v1/accounts"): (SIGN_UPS, "address"),
    ("POST", "/api/v1/apps"): (APPS, "address"),
    ("POST", "/api/v1/emails/confirmations"): (CONFIRMATIONS, "address"),
    ("POST", "/api/v1/statuses"): (POSTS, "person"),
    ("PUT", "/api/v1/statuses/:id"): (POSTS, "person"),
    ("PATCH", "/api/v1/statuses/:id"): (POSTS, "person"),
    ("POST", "/api/v1/statuses/:id/reblog"): (POSTS, "person"),
    ("POST", "/api/v1/accounts/:id/follow"): (FOLLOWS, "person"),
    ("POST", "/api/v1/tags/:id/follow"): (FOLLOWS, "person"),
    ("POST", "/api/v1/reports"): (REPORTS, "person"),
}
"""What is counted besides, by the first path of an endpoint."""
_PAGING = (b"page=", b"max_id=", b"min_id=", b"since_id=")


class Ration:
    """What one request used up; nothing is counted without a limiter."""

    __slots__ = ("_counting", "_limiter")

    def __init__(self, limiter: Limiter | None) -> None:
        self._limiter = limiter
        self._counting: Counting | None = None

    def begin(self, request: ApiRequest, endpoint: Endpoint) -> None:
        """Begin to count a request."""
        if self._limiter is not None:
            counted = counters(request, endpoint)
            self._counting = self._limiter.begin(counted) if counted else None

    async def check(self) -> None:
        """Raises TooManyRequestsError if the request was one too many."""
        if self._counting is not None and any(count.exceeded for count in await self._counting.counts()):
            raise TooManyRequestsError

    async def headers(self) -> RawHeaders:
        """Return what the client is told: of the limits that counted, the one with the least left."""
        counts = await self._counting.counts() if self._counting is not None else ()
        if not counts:
            return []
        nearest = min(counts, key=lambda count: count.remaining)
        return [
            (b"x-ratelimit-limit", str(nearest.limit.amount).encode()),
            (b"x-ratelimit-remaining", str(nearest.remaining).encode()),
            (b"x-ratelimit-reset", nearest.resets_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ").encode()),
        ]


def counters(request: ApiRequest, endpoint: Endpoint) -> list[Counted]:
    """Return under which limits a request counts, and as whose."""
    path, viewer = endpoint.paths[0], request.viewer
    person = str(viewer.user_id) if viewer is not None and viewer.user_id is not None else None
    own = _OF.get((request.scope["method"], path))
    counted: list[Counted] = []
    if path.startswith("/api/"):
        if viewer is not None:
            counted.append((PER_TOKEN, str(viewer.token_id)))
        if person is not None:
            counted.append((PER_PERSON, person))
        else:
            counted += _of_address(PER_ADDRESS, request)
        if _turns_pages(request.scope):
            counted += [(PAGES_PER_PERSON, person)] if person else _of_address(PAGES_PER_ADDRESS, request)
    if own is not None:
        limit, whose = own
        counted += [(limit, person)] if whose == "person" and person else _of_address(limit, request)
    return counted


def _of_address(limit: Limit, request: ApiRequest) -> list[Counted]:
    address = request.address
    return [(limit, block_of(address))] if address is not None else []


def _turns_pages(scope: Scope) -> bool:
    query: bytes = scope["query_string"]
    return any(word in query for word in _PAGING)
