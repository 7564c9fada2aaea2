"""Fetches pages: to show what is behind a link, and to see whom they link back to."""

from fedi.activitypub.vocabulary import uris
from fedi.effects.deps import Deps
from fedi.services.http import Response, Signer

MAX_PAGE = 1_000_000
"""Bytes of a page that are read: what it says of itself stands in its head."""
ACCEPT = "text/html, application/xhtml+xml;q=0.9"
_PAGES = ("text/html", "application/xhtml+xml")


async def fetch_page(deps: Deps, url: str, guard: Signer) -> Response | None:
    """Return the page at an address, its beginning if it is long; None if there is none. Raises PeerError.

    `guard` is asked before the page and wherever it is redirected to.
    """
    answer = await deps.http.fetch(uris.parse(url), accept=ACCEPT, limit=MAX_PAGE, cut=True, sign=guard)
    kind = answer.content_type.partition(";")[0].strip().lower()
    return answer if answer.status == 200 and kind in _PAGES else None
