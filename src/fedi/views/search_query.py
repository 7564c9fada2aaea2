"""What somebody types into the search for statuses, taken apart: words, "quoted phrases", + and -, and Mastodon's
operators (https://docs.joinmastodon.org/user/network/#search).

Pure, and total but for what its operators cannot mean: whatever is typed is either understood or refused in words.
"""

import re
from datetime import date
from typing import Literal, get_args

import msgspec

from fedi.errors import ClientError

LONGEST = 1_000
"""Characters of a search that are looked at."""
MOST_WORDS = 16
"""Words and phrases of one search; each of them costs a look into the index."""
MOST_OPERATORS = 16

Where = Literal["all", "library", "public"]
Property = Literal[
    "media", "image", "video", "audio", "poll", "link", "embed", "quote", "reply", "sensitive", "edited", "bot"
]
PROPERTIES: frozenset[str] = frozenset(get_args(Property))
_PLACES: frozenset[str] = frozenset(get_args(Where))
_OPERATORS = frozenset({"from", "before", "after", "during", "in", "has", "is", "language"})
_TOKEN = re.compile(r'(?P<sign>[+-])?(?:(?P<operator>[A-Za-z]+):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """A word, or several that follow one another, to be there or, `negated`, not to be there."""

    text: str
    phrase: bool = False
    negated: bool = False


class Author(msgspec.Struct, frozen=True, kw_only=True):
    """Whose posts: `handle` is without its first @; None is who searches."""

    handle: str | None
    negated: bool = False


class Trait(msgspec.Struct, frozen=True, kw_only=True):
    """Something posts have or are."""

    name: Property
    negated: bool = False


class Tongue(msgspec.Struct, frozen=True, kw_only=True):
    """The language posts are in, in lower case."""

    code: str
    negated: bool = False


class StatusQuery(msgspec.Struct, frozen=True, kw_only=True):
    """A search for statuses. Days are whole days in UTC: before the first hour of one, after the last of another."""

    words: tuple[Word, ...] = ()
    authors: tuple[Author, ...] = ()
    traits: tuple[Trait, ...] = ()
    languages: tuple[Tongue, ...] = ()
    where: Where = "all"
    before: date | None = None
    after: date | None = None
    during: date | None = None

    @property
    def operators(self) -> int:
        """How many operators were used; somebody who uses one looks for statuses and for nothing else."""
        days = sum(day is not None for day in (self.before, self.after, self.during))
        return len(self.authors) + len(self.traits) + len(self.languages) + days + (self.where != "all")

    @property
    def asks(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.words or self.operators)


def parse(typed: str) -> StatusQuery:
    """Return what somebody looks for. `foo:bar` with an unknown `foo` is a word like others.

    Raises:
        ClientError: an operator is given what it cannot have, or there is too much of something.
    """
    query = StatusQuery()
    for token in _TOKEN.finditer(typed[:LONGEST]):
        operator = (token["operator"] or "").lower()
        if operator in _OPERATORS:
            value = token["word"] if token["phrase"] is None else token["phrase"]
            query = _operated(query, operator, value.strip(), negated=token["sign"] == "-")
        else:
            query = _worded(query, token)
    if len(query.words) > MOST_WORDS or query.operators > MOST_OPERATORS:
        raise ClientError(f"Validation failed: a search may have {MOST_WORDS} words and {MOST_OPERATORS} operators")
    return query


def _worded(query: StatusQuery, token: re.Match[str]) -> StatusQuery:
    prefix = f"{token['operator']}:" if token["operator"] else ""
    phrase = token["phrase"] is not None and not prefix
    text = (prefix + (token["word"] if token["phrase"] is None else token["phrase"])).strip()
    if not any(map(str.isalnum, text)):
        return query
    word = Word(text=text, phrase=phrase, negated=token["sign"] == "-")
    return msgspec.structs.replace(query, words=(*query.words, word))


def _operated(query: StatusQuery, operator: str, value: str, *, negated: bool) -> StatusQuery:
    lower = value.lower()
    match operator:
        case "from":
            author = Author(handle=None if lower in {"me", "@me"} else value.removeprefix("@"), negated=negated)
            return msgspec.structs.replace(query, authors=(*query.authors, author))
        case "has" | "is":
            if lower not in PROPERTIES:
                raise ClientError(f"Validation failed: {operator}:{value} is not known")
            trait = msgspec.convert({"name": lower, "negated": negated}, Trait)
            return msgspec.structs.replace(query, traits=(*query.traits, trait))
        case "language":
            if not _LANGUAGE.fullmatch(lower):
                raise ClientError(f"Validation failed: {value} is not a language code")
            tongue = Tongue(code=lower, negated=negated)
            return msgspec.structs.replace(query, languages=(*query.languages, tongue))
    if negated:
        raise ClientError(f"Validation failed: {operator}: cannot be negated")
    if operator == "in":
        if lower not in _PLACES:
            raise ClientError(f"Validation failed: in:{value} is not known")
        return msgspec.convert({**msgspec.structs.asdict(query), "where": lower}, StatusQuery)
    return _dated(query, operator, _day(value))


def _dated(query: StatusQuery, operator: str, day: date) -> StatusQuery:
    match operator:
        case "before":
            return msgspec.structs.replace(query, before=min(day, query.before or day))
        case "after":
            return msgspec.structs.replace(query, after=max(day, query.after or day))
    return msgspec.structs.replace(query, during=day)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise ClientError(f"Validation failed: {text} is not a date such as 2026-01-31") from None
