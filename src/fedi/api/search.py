"""Search (https://docs.joinmastodon.org/methods/search/)."""

from typing import Literal

import msgspec

from fedi.activitypub.vocabulary import hashtags
from fedi.api.entities.accounts import account
from fedi.api.entities.search import Search
from fedi.api.entities.statuses import Status
from fedi.api.meeting import meet
from fedi.api.reading import entities, reading, shown
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.api.tags import described
from fedi.errors import ClientError
from fedi.registry.rows import Connection
from fedi.site import Site
from fedi.views import accounts, addressed, search, status_search, statuses, tags
from fedi.views.pages import Page
from fedi.views.search_query import StatusQuery, parse

MOST = 40
FARTHEST = 10_000


class Query(msgspec.Struct, frozen=True, kw_only=True):
    q: str = ""
    type: Literal["accounts", "hashtags", "statuses"] | None = None
    limit: int = 20
    offset: int = 0
    resolve: bool = False
    following: bool = False
    account_id: int | None = None
    max_id: int | None = None
    min_id: int | None = None


@route("GET", "/api/v2/search", scope="read:search", auth="public-or-user", of_views=True)
async def search_everything(request: ApiRequest, params: Query) -> Search:
    """Accounts, hashtags, and statuses, by words or by an address.

    What is known here is found; asking other servers, leafing through what was found, and statuses by their words are
    for people who are signed in.
    """
    return await _search(request, params)


async def _search(request: ApiRequest, params: Query) -> Search:
    text = params.q.strip()
    if not text:
        raise ClientError("Validation failed: q can't be blank", status=400)
    if request.reader_id is None and (params.resolve or params.offset > 0):
        raise ClientError("Search queries that resolve or page require authentication", status=401)
    if text.startswith(("https://", "http://")):
        return await _by_address(request, text, ask=params.resolve)
    if params.resolve:
        text = await meet(request, text)
    async with reading(request) as connection:
        return await _by_words(request, connection, params, text)


async def _by_address(request: ApiRequest, address: str, *, ask: bool) -> Search:
    """Find what is at an address: known here, or fetched now if the reader asks for that."""
    async with reading(request) as connection:
        found = await _known(request, connection, address)
    strangers = request.deps.strangers
    if found.accounts or found.statuses or not ask or strangers is None:
        return found
    uri = await strangers.by_address(address)
    if uri is None:
        return found
    async with reading(request) as connection:
        return await _known(request, connection, uri)


async def _known(request: ApiRequest, connection: Connection, address: str) -> Search:
    site = request.deps.site
    account_id, status_id = await addressed.at(connection, site, address)
    rows = await accounts.in_order(connection, [account_id]) if account_id is not None else []
    seen = await statuses.load_visible(connection, [status_id], request.reader_id) if status_id is not None else []
    return Search(accounts=[account(row, site) for row in rows], statuses=await entities(request, connection, seen))


async def _by_words(request: ApiRequest, connection: Connection, params: Query, text: str) -> Search:
    limit, offset = max(0, min(params.limit, MOST)), max(0, min(params.offset, FARTHEST))
    signed_in = request.reader_id is not None and params.type in {None, "statuses"}
    wanted = parse(text) if signed_in else StatusQuery()
    rows = []
    if params.type in {None, "accounts"} and not text.startswith("#") and not wanted.operators:
        name = without_own_domain(text, request.deps.site)
        ids = await search.accounts(
            connection, name, request.reader_id, limit=limit, offset=offset, following=params.following
        )
        rows = await accounts.in_order(connection, ids)
    found = []
    beginning = hashtags.normal(text.removeprefix("#")[: hashtags.MAX_LENGTH])
    if params.type in {None, "hashtags"} and beginning and " " not in text and not text.startswith("@"):
        names = [each.name for each in await tags.search(connection, beginning, limit=limit, offset=offset)]
        found = await described(request, connection, names)
    return Search(
        accounts=[account(row, request.deps.site) for row in rows],
        statuses=await _statuses(request, connection, wanted, params, limit, offset) if wanted.asks else [],
        hashtags=found,
    )


async def _statuses(
    request: ApiRequest, connection: Connection, wanted: StatusQuery, params: Query, limit: int, offset: int
) -> list[Status]:
    site = request.deps.site
    ids = await status_search.search(
        connection,
        wanted,
        request.account_id,
        Page(limit=limit, max_id=params.max_id, min_id=params.min_id),
        offset=offset,
        account_id=params.account_id,
        own_domains={site.domain, site.web_domain},
    )
    return await shown(request, connection, ids)


@route("GET", "/api/v1/search", scope="read:search", auth="user", of_views=True)
async def search_v1(request: ApiRequest, params: Query) -> dict[str, object]:
    """The same in its first form, which knows hashtags by their names alone."""
    found = await _search(request, params)
    names = [tag.name for tag in found.hashtags]
    return {"accounts": found.accounts, "statuses": found.statuses, "hashtags": names}


def without_own_domain(handle: str, site: Site) -> str:
    """Return what is searched for `user@here`: local people have no domain."""
    name, _, domain = handle.rpartition("@")
    return name if name.strip("@") and domain.lower() in {site.domain, site.web_domain} else handle
