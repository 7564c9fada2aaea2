"""Filters as they were before Mastodon 4.0: each a single keyword (https://docs.joinmastodon.org/methods/filters/#v1)."""

import msgspec
from msgspec import UNSET, UnsetType

from fedi.api.acting import acting, caught_up
from fedi.api.entities.filters import V1Filter, v1_filter
from fedi.api.filters import expiry, own_filters
from fedi.api.request import ApiRequest, Reply
from fedi.api.routing import route
from fedi.commands import filters as commands
from fedi.commands.filters import FilterDraft, KeywordDraft
from fedi.errors import ClientError
from fedi.events.filters import FilterAction, FilterContext
from fedi.views.filtering import Filter

DEPRECATED = {"Deprecation": "@1668384000"}
"""2022-11-14, when Mastodon 4.0 brought the second version."""
SHARED = (
    "These parameters cannot be changed from this application because they apply to more than one filter keyword. "
    "Use a more recent application or the web interface."
)


class OneFilter(msgspec.Struct, frozen=True, kw_only=True):
    id: int


class NewFilter(msgspec.Struct, frozen=True, kw_only=True):
    phrase: str | None = None
    context: list[FilterContext] | None = None
    irreversible: bool | None = None
    whole_word: bool | None = None
    expires_in: int | UnsetType | None = UNSET


class ChangedFilter(NewFilter, frozen=True, kw_only=True):
    id: int


@route("GET", "/api/v1/filters", scope="read:filters", auth="user", of_views=True)
async def get_filters(request: ApiRequest) -> Reply:
    """Every keyword of the asker's filters."""
    found = await own_filters(request)
    return _reply([v1_filter(each, keyword) for each in found for keyword in each.keywords])


@route("GET", "/api/v1/filters/:id", scope="read:filters", auth="user", of_views=True)
async def get_filter(request: ApiRequest, params: OneFilter) -> Reply:
    """One keyword."""
    return _reply(await _one(request, params.id))


@route("POST", "/api/v1/filters", scope="write:filters", auth="user")
async def create_filter(request: ApiRequest, params: NewFilter) -> Reply:
    """Make a filter of a single keyword, and call it after that."""
    if not (params.phrase or "").strip():
        raise ClientError("Validation failed: Phrase can't be blank")
    keyword = KeywordDraft(keyword=params.phrase, whole_word=params.whole_word)
    draft = msgspec.structs.replace(_draft(request, params), context=params.context or (), keywords=[keyword])
    saved = await commands.create_filter(request.deps.commands, await acting(request), draft)
    await caught_up(request, saved.position)
    return _reply(v1_filter(saved.filter, saved.filter.keywords[0]))


@route(("PUT", "PATCH"), "/api/v1/filters/:id", scope="write:filters", auth="user")
async def change_filter(request: ApiRequest, params: ChangedFilter) -> Reply:
    """Change a keyword and its filter; not where others share the filter, as it would change for them too.

    Apps send all that they know of a filter, so only what would become another counts.
    """
    found, keyword = commands.own_keyword(await own_filters(request), params.id)
    changes = _draft(request, params)
    if len(found.keywords) > 1 and _changes(found, changes):
        raise ClientError(SHARED)
    keywords = [KeywordDraft(id=keyword.id, keyword=params.phrase, whole_word=params.whole_word)]
    draft = msgspec.structs.replace(changes, title=None, keywords=keywords)
    saved = await commands.edit_filter(request.deps.commands, await acting(request), found.id, draft)
    await caught_up(request, saved.position)
    return _reply(v1_filter(*commands.own_keyword([saved.filter], params.id)))


@route("DELETE", "/api/v1/filters/:id", scope="write:filters", auth="user")
async def delete_filter(request: ApiRequest, params: OneFilter) -> Reply:
    """Take away a keyword, and its filter if it was the last."""
    found, keyword = commands.own_keyword(await own_filters(request), params.id)
    author = await acting(request)
    if len(found.keywords) > 1 or found.statuses:
        position = await commands.delete_keyword(request.deps.commands, author, keyword.id)
    else:
        position = await commands.delete_filter(request.deps.commands, author, found.id)
    await caught_up(request, position)
    return _reply({})


def _changes(found: Filter, wanted: FilterDraft) -> bool:
    context = wanted.context is not None and tuple(wanted.context) != found.context
    action = wanted.action is not None and wanted.action != found.action
    expiry = wanted.renews and not (wanted.expires_at is None and found.expires_at is None)
    return context or action or expiry


async def _one(request: ApiRequest, keyword_id: int) -> V1Filter:
    return v1_filter(*commands.own_keyword(await own_filters(request), keyword_id))


def _draft(request: ApiRequest, params: NewFilter) -> FilterDraft:
    action: FilterAction | None = None if params.irreversible is None else "hide" if params.irreversible else "warn"
    return FilterDraft(
        title=(params.phrase or "")[: commands.MAX_TITLE],
        context=params.context,
        action=action,
        renews=params.expires_in is not UNSET,
        expires_at=expiry(request, params.expires_in),
    )


def _reply(body: object) -> Reply:
    return Reply(body=body, headers=DEPRECATED)
