"""Suggestions whom to follow (https://docs.joinmastodon.org/methods/suggestions/)."""

from typing import Literal

import msgspec

from fedi.api.entities.accounts import Account, account
from fedi.api.pagination import ACCOUNTS
from fedi.api.reading import reading
from fedi.api.request import ApiRequest, Reply
from fedi.api.routing import route
from fedi.registry import suggestions as registry
from fedi.views import accounts, discovery
from fedi.views.discovery import Source

V1_DEPRECATED_AT = 1621123200
"""2021-05-16, when Mastodon 3.4 brought the second version."""
FARTHEST = 1_000

_FORMER: dict[Source, Literal["past_interactions", "global"]] = {
    "friends_of_friends": "past_interactions",
    "most_followed": "global",
}
"""What sources were called before there could be several."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    limit: int = ACCOUNTS[0]
    offset: int = 0


class OneAccount(msgspec.Struct, frozen=True, kw_only=True):
    id: int


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    source: str
    sources: tuple[Source, ...]
    account: Account


@route("GET", "/api/v2/suggestions", scope="read:accounts", auth="user")
async def get_suggestions(request: ApiRequest, params: Wanted) -> list[Suggestion]:
    """Accounts that the asker may want to follow, and why."""
    return await _suggested(request, params)


async def _suggested(request: ApiRequest, params: Wanted) -> list[Suggestion]:
    limit, offset = max(0, min(params.limit, ACCOUNTS[1])), max(0, min(params.offset, FARTHEST))
    async with reading(request) as connection:
        found = await discovery.suggestions(connection, request.account_id, limit=limit, offset=offset)
        rows = await accounts.load(connection, [each.id for each in found])
    return [
        Suggestion(
            source=_FORMER[each.sources[0]], sources=each.sources, account=account(rows[each.id], request.deps.site)
        )
        for each in found
        if each.id in rows
    ]


@route("GET", "/api/v1/suggestions", scope="read:accounts", auth="user")
async def get_v1_suggestions(request: ApiRequest, params: Wanted) -> Reply:
    """The same in its first form: accounts alone."""
    found = await _suggested(request, params)
    return Reply(body=[each.account for each in found], headers={"Deprecation": f"@{V1_DEPRECATED_AT}"})


@route("DELETE", "/api/v1/suggestions/:id", scope="write:accounts", auth="user")
async def dismiss_suggestion(request: ApiRequest, params: OneAccount) -> dict[str, object]:
    """Suggest an account no more; one that was not suggested neither."""
    async with request.deps.pool.connection() as connection:
        await registry.dismiss(connection, request.account_id, params.id)
    return {}
