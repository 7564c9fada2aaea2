"""Which of somebody's filters a post is caught by. Pure.

As in Mastodon, a post is not taken out of any list: it tells which filters it matches, and clients hide or warn where
the filter's contexts say so. Words are looked for in what is read: warning, text, options of a poll, descriptions.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

import msgspec

from fedi.events.filters import FilterAction, FilterContext
from fedi.views.searching import Haystack, Needle, needle

SEARCHED = 20_000
"""Characters of a post that are looked through: many times what people write, and a bound for what others may send."""


class FilterKeyword(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    filter_id: int
    keyword: str
    whole_word: bool


class FilterStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A single post that a filter catches."""

    id: int
    filter_id: int
    status_id: int


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """A filter with all that it catches."""

    id: int
    account_id: int
    title: str
    context: tuple[FilterContext, ...]
    action: FilterAction
    expires_at: datetime | None
    keywords: tuple[FilterKeyword, ...] = ()
    statuses: tuple[FilterStatus, ...] = ()


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """A filter that a post is caught by: the text that a keyword found, or the post itself."""

    filter: Filter
    keyword: str | None
    status_id: int | None


class _Compiled(msgspec.Struct, frozen=True):
    filter: Filter
    needles: tuple[Needle, ...]
    statuses: frozenset[int]


class Sieve:
    """Somebody's filters, ready to be used."""

    def __init__(self, filters: Iterable[Filter]) -> None:
        self._compiled = [
            _Compiled(each, _needles(each.keywords), frozenset(caught.status_id for caught in each.statuses))
            for each in filters
        ]
        self.reads = any(each.needles for each in self._compiled)
        """Whether the text of posts matters."""
        needles = [needle for each in self._compiled for needle in each.needles]
        plain = all(needle.single for needle in needles) and not any(each.statuses for each in self._compiled)
        self._words = frozenset(needle.text for needle in needles) if plain else None
        """The words that are looked for, where that is all that matters: most posts have none of them."""

    def __bool__(self) -> bool:
        return bool(self._compiled)

    def matches(self, ids: Collection[int], text: str, now: datetime) -> tuple[Match, ...]:
        """Return which filters catch a post; `ids` are its own and that of what it boosts."""
        return self.matches_in(ids, haystack(text), now)

    def matches_in(self, ids: Collection[int], searched: Haystack, now: datetime) -> tuple[Match, ...]:
        """As `matches`, in a text that others look through too."""
        if self._words is not None and not searched.has_any(self._words):
            return ()
        return tuple(
            found
            for each in self._compiled
            if each.filter.expires_at is None or each.filter.expires_at > now
            if (found := _match(each, ids, searched)) is not None
        )


def haystack(text: str) -> Haystack:
    """Return what of a text is looked through."""
    return Haystack(text[:SEARCHED])


def searchable(spoiler: str, plain: str, options: Iterable[str], descriptions: Iterable[str]) -> str:
    """Return what keywords are looked for in: all that somebody reads of a post. `plain` is without HTML."""
    return "\n\n".join(part for part in (spoiler, plain, *options, *descriptions) if part)


def _match(each: _Compiled, ids: Collection[int], text: Haystack) -> Match | None:
    word = next((found for needle in each.needles if (found := text.find(needle)) is not None), None)
    caught = next((status for status in ids if status in each.statuses), None)
    if word is None and caught is None:
        return None
    return Match(filter=each.filter, keyword=word, status_id=caught)


def _needles(keywords: Iterable[FilterKeyword]) -> tuple[Needle, ...]:
    return tuple(needle(each.keyword, whole_word=each.whole_word) for each in keywords if each.keyword)
