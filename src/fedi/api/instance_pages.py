"""What there is to read about the server (https://docs.joinmastodon.org/methods/instance/): pages that the staff wrote,
languages, numbers, and the servers that are known."""

from functools import cache
from pathlib import Path

import msgspec
from redis.exceptions import RedisError
from starlette.responses import Response

from fedi.api.deps import Deps
from fedi.api.encoding import timestamp
from fedi.api.request import ApiRequest, Reply
from fedi.api.routing import route
from fedi.errors import ClientError, NotFoundError
from fedi.registry.rows import Connection
from fedi.views import instance as views
from fedi.views import server_pages
from fedi.views.server_pages import ServerPage

DESCRIPTION = "A server of the fediverse that remembers everything that was said to it."
PRIVACY = (
    "<p>This server keeps what its people write, whom they follow, and what other servers send them. It shows each "
    "post to those it is addressed to, and sends it to their servers. What somebody deletes is shown no more, and "
    "other servers are asked to delete it too.</p>"
)
"""What is so on every server, until its staff says it in its own words."""

_PEERS = "fedi:instance:peers"
_ACTIVITY = "fedi:instance:activity"
_LIFE = 3_600
_MOST_PEERS = 10


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    text: str
    hint: str = ""
    translations: dict[str, str] = {}


class Language(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    name: str


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """TermsOfService: `succeeded_by` is the day from which others are in force."""

    effective_date: str
    effective: bool
    content: str
    succeeded_by: str | None


class Dated(msgspec.Struct, frozen=True, kw_only=True):
    date: str


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    q: str = ""


async def house_rules(connection: Connection) -> list[Rule]:
    """Return the rules of the house, numbered in their order."""
    return [Rule(id=str(number), text=text) for number, text in enumerate(await server_pages.rules(connection), 1)]


@route("GET", "/api/v1/instance/rules", scope=None, auth="public")
async def get_rules(request: ApiRequest) -> list[Rule]:
    """The rules of the house."""
    async with request.deps.pool.connection() as connection:
        return await house_rules(connection)


@route("GET", "/api/v1/instance/extended_description", scope=None, auth="public")
async def get_extended_description(request: ApiRequest) -> dict[str, str | None]:
    """What there is to say about the server at length."""
    return await _page(request, "extended_description") or {"updated_at": None, "content": f"<p>{DESCRIPTION}</p>"}


@route("GET", "/api/v1/instance/privacy_policy", scope=None, auth="public")
async def get_privacy_policy(request: ApiRequest) -> dict[str, str | None]:
    """What becomes of what people say here."""
    return await _page(request, "privacy_policy") or {"updated_at": "2026-01-01T00:00:00.000Z", "content": PRIVACY}


@route("GET", "/api/v1/instance/terms_of_service", scope=None, auth="public")
async def get_terms_of_service(request: ApiRequest) -> Terms:
    """The terms in force today. 404 where there are none."""
    pages = await _terms(request)
    today = request.deps.clock().date().isoformat()
    current = [page for page in pages if page.effective_on <= today]
    if not current:
        raise NotFoundError
    return _as_terms(current[0], pages, today)


@route("GET", "/api/v1/instance/terms_of_service/:date", scope=None, auth="public")
async def get_terms_of_day(request: ApiRequest, params: Dated) -> Terms:
    """The terms that came, or come, into force on a day."""
    pages = await _terms(request)
    for page in pages:
        if page.effective_on == params.date:
            return _as_terms(page, pages, request.deps.clock().date().isoformat())
    raise NotFoundError


@route("GET", "/api/v1/instance/languages", scope=None, auth="public")
async def get_languages(request: ApiRequest) -> list[Language]:
    """The languages that people may say they write in."""
    return _languages()


@route("GET", "/api/v1/instance/activity", scope=None, auth="public")
async def get_activity(request: ApiRequest) -> Reply:
    """Posts, people and new people of the last twelve weeks, as of the last hour."""
    kept = await _kept(request.deps, _ACTIVITY)
    if kept is None:
        async with request.deps.pool.connection() as connection:
            weeks = await views.activity(connection, request.deps.clock())
        found = [{name: str(value) for name, value in msgspec.structs.asdict(week).items()} for week in weeks]
        kept = await _keep(request.deps, _ACTIVITY, found)
    return Reply(body=msgspec.Raw(kept))


@route("GET", "/api/v1/instance/peers", scope=None, auth="public")
async def get_peers(request: ApiRequest) -> Reply:
    """The servers that are known here, as of the last hour."""
    kept = await _kept(request.deps, _PEERS)
    if kept is None:
        async with request.deps.pool.connection() as connection:
            found = await views.peers(connection)
        kept = await _keep(request.deps, _PEERS, found)
    return Reply(body=msgspec.Raw(kept))


@route("GET", "/api/v1/peers/search", scope=None, auth="public")
async def search_peers(request: ApiRequest, params: Sought) -> list[str]:
    """Known servers whose names begin with a text."""
    beginning = params.q.strip()[:253]
    if not beginning:
        return []
    async with request.deps.pool.connection() as connection:
        return await views.peers_like(connection, beginning, _MOST_PEERS)


@route("GET", "/api/v1/donation_campaigns", scope=None, auth="user")
async def get_donation_campaigns(request: ApiRequest) -> Response:
    """Whom to give to: nobody collects here."""
    return Response(status_code=204)


@route("GET", "/api/proofs", scope=None, auth="public")
async def get_proofs(request: ApiRequest) -> None:
    """Proofs of identity for Keybase, which Mastodon 3.5 let go."""
    raise ClientError("Identity proofs are no longer made", status=410)


async def _page(request: ApiRequest, name: str) -> dict[str, str | None] | None:
    async with request.deps.pool.connection() as connection:
        pages = await server_pages.page(connection, name)
    return {"updated_at": timestamp(pages[0].written_at), "content": pages[0].content} if pages else None


async def _terms(request: ApiRequest) -> list[ServerPage]:
    async with request.deps.pool.connection() as connection:
        return await server_pages.page(connection, "terms_of_service")


def _as_terms(page: ServerPage, pages: list[ServerPage], today: str) -> Terms:
    later = [each.effective_on for each in pages if each.effective_on > page.effective_on]
    return Terms(
        effective_date=page.effective_on,
        effective=page.effective_on <= today,
        content=page.content,
        succeeded_by=min(later, default=None),
    )


@cache
def _languages() -> list[Language]:
    lines = Path(__file__).with_name("languages.tsv").read_text(encoding="utf-8").splitlines()
    return [Language(code=code, name=name) for code, name in (line.split("\t") for line in lines)]


async def _kept(deps: Deps, key: str) -> bytes | None:
    try:
        kept = await deps.redis.get(key)
    except RedisError:
        return None
    return kept if isinstance(kept, bytes) else None


async def _keep(deps: Deps, key: str, found: object) -> bytes:
    text = msgspec.json.encode(found)
    try:
        await deps.redis.set(key, text, ex=_LIFE)
    except RedisError:
        return text
    return text
