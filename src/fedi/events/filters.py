"""Filters: what somebody wants to be warned of, or not to see at all."""

from datetime import datetime
from typing import Literal

import msgspec

from fedi.events.catalogue import Event, event

FilterContext = Literal["home", "notifications", "public", "thread", "account"]
FilterAction = Literal["warn", "hide", "blur"]


class Keyword(msgspec.Struct, frozen=True, kw_only=True):
    """A word or phrase; `whole_word` does not find it inside others."""

    id: int
    keyword: str
    whole_word: bool


@event("filter.saved")
class FilterSaved(Event, frozen=True, kw_only=True):
    """A filter was made or changed; `keywords` are new or changed ones, `removed` the ids of those taken away."""

    filter_id: int
    account_id: int
    title: str
    context: tuple[FilterContext, ...]
    action: FilterAction
    expires_at: datetime | None = None
    keywords: tuple[Keyword, ...] = ()
    removed: tuple[int, ...] = ()


@event("filter.deleted")
class FilterDeleted(Event, frozen=True, kw_only=True):
    filter_id: int
    account_id: int


@event("filter.status_added")
class FilterStatusAdded(Event, frozen=True, kw_only=True):
    """A single post is now caught by a filter. `entry_id` names that it is."""

    filter_id: int
    account_id: int
    entry_id: int
    status_id: int


@event("filter.status_removed")
class FilterStatusRemoved(Event, frozen=True, kw_only=True):
    filter_id: int
    account_id: int
    entry_id: int
