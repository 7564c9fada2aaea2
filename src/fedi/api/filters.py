"""Filters (https://docs.joinmastodon.org/methods/filters/)."""

from datetime import datetime, timedelta

import msgspec
from msgspec import UNSET, UnsetType

from fedi.api.acting import acting, caught_up
from fedi.api.entities.filters import (
    Filter,
    FilterKeyword,
    FilterStatus,
    filter_entity,
    filter_keyword,
    filter_status,
)
from fedi.api.reading import reading
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.commands import filters as commands
from fedi.commands.filters import FilterDraft, KeywordDraft
from fedi.errors import NotFoundError
from fedi.events.filters import FilterAction, FilterContext
from fedi.views import filtering, filters

FOREVER = 100 * 365 * 24 * 3600
"""Seconds; whoever asks for longer means it."""


class OneFilter(msgspec.Struct, frozen=True, kw_only=True):
    id: int


class OfFilter(msgspec.Struct, frozen=True, kw_only=True):
    filter_id: int


class KeywordChange(msgspec.Struct, frozen=True, kw_only=True):
    id: int | None = None
    keyword: str | None = None
    whole_word: bool | None = None
    destroy: bool = msgspec.field(default=False, name="_destroy")


class NewFilter(msgspec.Struct, frozen=True, kw_only=True):
    title: str | None = None
    context: list[FilterContext] | None = None
    filter_action: FilterAction | None = None
    expires_in: int | UnsetType | None = UNSET
    keywords_attributes: list[KeywordChange] = []


class ChangedFilter(NewFilter, frozen=True, kw_only=True):
    id: int


class NewKeyword(OfFilter, frozen=True, kw_only=True):
    keyword: str = ""
    whole_word: bool | None = None


class ChangedKeyword(OneFilter, frozen=True, kw_only=True):
    keyword: str | None = None
    whole_word: bool | None = None


class NewStatus(OfFilter, frozen=True, kw_only=True):
    status_id: int


def expiry(request: ApiRequest, seconds: int | UnsetType | None) -> datetime | None:
    """Return when something ends that is to last some seconds; None if it is to last for ever."""
    if seconds is None or seconds is UNSET:
        return None
    return request.deps.clock() + timedelta(seconds=min(max(int(seconds), 0), FOREVER))


@route("GET", "/api/v2/filters", scope="read:filters", auth="user", of_views=True)
async def get_filters(request: ApiRequest) -> list[Filter]:
    """The asker's filters."""
    return [filter_entity(each) for each in await own_filters(request)]


@route("GET", "/api/v2/filters/:id", scope="read:filters", auth="user", of_views=True)
async def get_filter(request: ApiRequest, params: OneFilter) -> Filter:
    """One of the asker's filters."""
    return filter_entity(await _own(request, params.id))


@route("POST", "/api/v2/filters", scope="write:filters", auth="user")
async def create_filter(request: ApiRequest, params: NewFilter) -> Filter:
    """Make a filter."""
    saved = await commands.create_filter(request.deps.commands, await acting(request), _draft(request, params))
    await caught_up(request, saved.position)
    return filter_entity(saved.filter)


@route(("PUT", "PATCH"), "/api/v2/filters/:id", scope="write:filters", auth="user")
async def change_filter(request: ApiRequest, params: ChangedFilter) -> Filter:
    """Change what is given of a filter."""
    draft = _draft(request, params)
    saved = await commands.edit_filter(request.deps.commands, await acting(request), params.id, draft)
    await caught_up(request, saved.position)
    return filter_entity(saved.filter)


@route("DELETE", "/api/v2/filters/:id", scope="write:filters", auth="user")
async def delete_filter(request: ApiRequest, params: OneFilter) -> dict[str, str]:
    """Delete a filter."""
    await caught_up(request, await commands.delete_filter(request.deps.commands, await acting(request), params.id))
    return {}


@route("GET", "/api/v2/filters/:filter_id/keywords", scope="read:filters", auth="user", of_views=True)
async def get_keywords(request: ApiRequest, params: OfFilter) -> list[FilterKeyword]:
    """What a filter looks for."""
    return [filter_keyword(each) for each in (await _own(request, params.filter_id)).keywords]


@route("POST", "/api/v2/filters/:filter_id/keywords", scope="write:filters", auth="user")
async def add_keyword(request: ApiRequest, params: NewKeyword) -> FilterKeyword:
    """Let a filter look for one more thing."""
    draft = KeywordDraft(keyword=params.keyword, whole_word=params.whole_word)
    saved = await commands.add_keyword(request.deps.commands, await acting(request), params.filter_id, draft)
    await caught_up(request, saved.position)
    return filter_keyword(commands.own_keyword([saved.filter], saved.id)[1])


@route("GET", "/api/v2/filters/keywords/:id", scope="read:filters", auth="user", of_views=True)
async def get_keyword(request: ApiRequest, params: OneFilter) -> FilterKeyword:
    """One thing that a filter looks for."""
    return await _keyword(request, params.id)


@route(("PUT", "PATCH"), "/api/v2/filters/keywords/:id", scope="write:filters", auth="user")
async def change_keyword(request: ApiRequest, params: ChangedKeyword) -> FilterKeyword:
    """Change what a filter looks for."""
    draft = KeywordDraft(id=params.id, keyword=params.keyword, whole_word=params.whole_word)
    saved = await commands.edit_keyword(request.deps.commands, await acting(request), draft)
    await caught_up(request, saved.position)
    return filter_keyword(commands.own_keyword([saved.filter], saved.id)[1])


@route("DELETE", "/api/v2/filters/keywords/:id", scope="write:filters", auth="user")
async def delete_keyword(request: ApiRequest, params: OneFilter) -> dict[str, str]:
    """Let a filter no longer look for something."""
    await caught_up(request, await commands.delete_keyword(request.deps.commands, await acting(request), params.id))
    return {}


@route("GET", "/api/v2/filters/:filter_id/statuses", scope="read:filters", auth="user", of_views=True)
async def get_caught(request: ApiRequest, params: OfFilter) -> list[FilterStatus]:
    """The single posts that a filter catches."""
    return [filter_status(each) for each in (await _own(request, params.filter_id)).statuses]


@route("POST", "/api/v2/filters/:filter_id/statuses", scope="write:filters", auth="user")
async def add_caught(request: ApiRequest, params: NewStatus) -> FilterStatus:
    """Let a filter catch a single post."""
    author = await acting(request)
    saved = await commands.add_status(request.deps.commands, author, params.filter_id, params.status_id)
    await caught_up(request, saved.position)
    return filter_status(commands.own_status([saved.filter], saved.id))


@route("GET", "/api/v2/filters/statuses/:id", scope="read:filters", auth="user", of_views=True)
async def get_one_caught(request: ApiRequest, params: OneFilter) -> FilterStatus:
    """One of the posts that a filter catches."""
    return await _caught(request, params.id)


@route("DELETE", "/api/v2/filters/statuses/:id", scope="write:filters", auth="user")
async def remove_caught(request: ApiRequest, params: OneFilter) -> FilterStatus:
    """Let a filter no longer catch a single post."""
    author, entry = await acting(request), await _caught(request, params.id)
    await caught_up(request, await commands.remove_status(request.deps.commands, author, params.id))
    return entry


async def own_filters(request: ApiRequest) -> list[filtering.Filter]:
    """Return all filters of the asker."""
    async with reading(request) as connection:
        return await filters.of_account(connection, request.account_id)


async def _own(request: ApiRequest, filter_id: int) -> filtering.Filter:
    async with reading(request) as connection:
        found = await filters.one(connection, filter_id, request.account_id)
    if found is None:
        raise NotFoundError
    return found


async def _keyword(request: ApiRequest, keyword_id: int) -> FilterKeyword:
    return filter_keyword(commands.own_keyword(await own_filters(request), keyword_id)[1])


async def _caught(request: ApiRequest, entry_id: int) -> FilterStatus:
    return filter_status(commands.own_status(await own_filters(request), entry_id))


def _draft(request: ApiRequest, params: NewFilter) -> FilterDraft:
    return FilterDraft(
        title=params.title,
        context=params.context,
        action=params.filter_action,
        renews=params.expires_in is not UNSET,
        expires_at=expiry(request, params.expires_in),
        keywords=[
            KeywordDraft(id=each.id, keyword=each.keyword, whole_word=each.whole_word, destroy=each.destroy)
            for each in params.keywords_attributes
        ],
    )
