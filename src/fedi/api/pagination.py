"""Pages of lists: the parameters that ask for one, and the Link header that leads to its neighbours (RFC 8288).

Many lists page by ids that their items do not show (favourites, blocks, followers), so clients must follow the links.
"""

from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

import msgspec

from fedi.api.request import ApiRequest, Reply

STATUSES = (20, 40)
ACCOUNTS = (40, 80)
"""Default and most of what a page may hold."""

_OWN = {"max_id", "min_id", "since_id", "offset", "access_token"}


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters that every paged list takes; ids are those the list is sorted by, newest first.

    `max_id`: older than it. `since_id`: newer than it, the newest ones. `min_id`: newer than it, the nearest ones.
    """

    max_id: int | None = None
    since_id: int | None = None
    min_id: int | None = None
    limit: int | None = None

    def size(self, bounds: tuple[int, int]) -> int:
        """Return how many items to give: what was asked for, within the bounds (default, most)."""
        default, most = bounds
        return default if self.limit is None else min(abs(self.limit), most)


def paged(request: ApiRequest, body: object, ids: Sequence[int], size: int) -> Reply:
    """Return a page with its links. `ids` are the sorting ids of what was found, newest first.

    There is a next page only if this one was full; `ids` may be more than `body` where items were filtered out.
    """
    links, here = [], _here(request)
    if len(ids) >= size > 0:
        links.append(f'<{here}max_id={ids[-1]}>; rel="next"')
    if ids:
        links.append(f'<{here}min_id={ids[0]}>; rel="prev"')
    return Reply(body=body, headers={"Link": ", ".join(links)} if links else {})


def paged_by_offset(request: ApiRequest, body: object, found: int, *, size: int, offset: int) -> Reply:
    """Return a part of a list that has no ids to page by, with its links; `found` is how much of it was found."""
    links, here = [], _here(request)
    if found >= size > 0:
        links.append(f'<{here}offset={offset + size}>; rel="next"')
    if offset > 0:
        links.append(f'<{here}offset={max(offset - size, 0)}>; rel="prev"')
    return Reply(body=body, headers={"Link": ", ".join(links)} if links else {})


def _here(request: ApiRequest) -> str:
    """Return the address of this list, to which a place in it can be added."""
    return f"{request.url}?{_kept(request.query_string)}"


@lru_cache(maxsize=256)
def _kept(query: bytes) -> str:
    """Return what of a query stays the same on all pages, to be followed by a place. Apps ask the same again."""
    kept = [pair for pair in parse_qsl(query.decode("latin-1")) if pair[0] not in _OWN]
    return f"{urlencode(kept)}&" if kept else ""
