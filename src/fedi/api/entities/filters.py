"""Filters as clients see them, in both versions, and what a status matched."""

from collections.abc import Iterable

import msgspec
from msgspec import UNSET, UnsetType

from fedi.api.encoding import timestamp
from fedi.views import filtering


class FilterKeyword(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    keyword: str
    whole_word: bool


class FilterStatus(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    status_id: str


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    title: str
    context: tuple[str, ...]
    expires_at: str | None
    filter_action: str
    keywords: list[FilterKeyword] | UnsetType = UNSET
    statuses: list[FilterStatus] | UnsetType = UNSET


class FilterResult(msgspec.Struct, frozen=True, kw_only=True):
    """Why a status is caught by a filter."""

    filter: Filter
    keyword_matches: list[str] | None
    status_matches: list[str] | None


class V1Filter(msgspec.Struct, frozen=True, kw_only=True):
    """One keyword, as the first version of the API knows filters."""

    id: str
    phrase: str
    context: tuple[str, ...]
    whole_word: bool
    expires_at: str | None
    irreversible: bool


def filter_entity(found: filtering.Filter, *, whole: bool = True) -> Filter:
    """Return a filter, `whole` with all that it catches."""
    return Filter(
        id=str(found.id),
        title=found.title,
        context=found.context,
        expires_at=None if found.expires_at is None else timestamp(found.expires_at),
        filter_action=found.action,
        keywords=[filter_keyword(each) for each in found.keywords] if whole else UNSET,
        statuses=[filter_status(each) for each in found.statuses] if whole else UNSET,
    )


def filter_keyword(found: filtering.FilterKeyword) -> FilterKeyword:
    """Return what a filter looks for."""
    return FilterKeyword(id=str(found.id), keyword=found.keyword, whole_word=found.whole_word)


def filter_status(found: filtering.FilterStatus) -> FilterStatus:
    """Return a single post that a filter catches."""
    return FilterStatus(id=str(found.id), status_id=str(found.status_id))


def filter_results(matches: Iterable[filtering.Match]) -> list[FilterResult]:
    """Return the filters that a status is caught by."""
    return [
        FilterResult(
            filter=filter_entity(each.filter, whole=False),
            keyword_matches=None if each.keyword is None else [each.keyword],
            status_matches=None if each.status_id is None else [str(each.status_id)],
        )
        for each in matches
    ]


def v1_filter(found: filtering.Filter, keyword: filtering.FilterKeyword) -> V1Filter:
    """Return a keyword of a filter as a filter of the first version."""
    return V1Filter(
        id=str(keyword.id),
        phrase=keyword.keyword,
        context=found.context,
        whole_word=keyword.whole_word,
        expires_at=None if found.expires_at is None else timestamp(found.expires_at),
        irreversible=found.action == "hide",
    )
