"""Finding statuses by their words: only what the reader may see, and of that only what the reader may find.

May find: what is one's own, names one, or what one favourited, boosted, bookmarked or voted in; and public posts of
people who let themselves be found (`indexable`). That is Mastodon's rule, on top of `can_see`.
"""

import re
from collections.abc import AsyncGenerator, Collection, Iterable, Iterator, Mapping
from contextlib import aclosing
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic
from typing import Literal

import msgspec
from psycopg.errors import QueryCanceled
from psycopg.sql import SQL, Composable, Composed, Placeholder

from fedi.errors import Unavailable
from fedi.meaning.words import LANGUAGES, beginning, is_unspaced, lexeme_of, span_of
from fedi.registry.rows import Connection, numbers
from fedi.sql import queries
from fedi.views import accounts
from fedi.views.can_see import visible
from fedi.views.compose import flat
from fedi.views.pages import Page
from fedi.views.search_query import Author, StatusQuery, Trait, Word
from fedi.views.welcome import welcome

PATIENCE = 5_000
"""Milliseconds after which a search is given up: one question, and asking one after the other."""
WALKED = 500
"""Posts that are looked at, in each turn, before the index of words is asked."""
SPANS = (4, 16, 64)
"""Spans of time of which it is asked in each turn."""
NEWEST = 2**63 - 1

_SQL = queries(__file__)
_CONFIGURATIONS = ["simple", *sorted(set(LANGUAGES.values()))]
_DAY = timedelta(days=1)


class _Clause(msgspec.Struct, frozen=True):
    """A condition and what it binds. `of_spans` asks the same of posts of some spans of time, by an index."""

    condition: Composable
    values: Mapping[str, object] = {}
    of_spans: Composable | None = None


class _Step(msgspec.Struct, frozen=True):
    """Where a search goes on: how, among which posts, and of which spans of time these are, if that helps."""

    how: Literal["walked", "looked_up"]
    below: int
    lowest: int = 0
    spans: str = ""

    @classmethod
    def in_spans(cls, below: int, *, lowest: int, spans: Iterable[int]) -> "_Step":
        """Return a step that looks up posts of some spans only."""
        return cls("looked_up", below, lowest, " | ".join(f"'{lexeme_of(span)}'" for span in spans))


async def search(
    connection: Connection,
    query: StatusQuery,
    viewer: int,
    page: Page,
    *,
    offset: int = 0,
    account_id: int | None = None,
    own_domains: Collection[str] = (),
) -> list[int]:
    """Return the ids of the posts that somebody looks for, the newest first.

    `account_id` asks for posts of one account only. Handles at one of `own_domains` are of people here.

    Raises:
        Unavailable: it would take too long.
    """
    authors = await _authors(connection, query.authors, viewer, own_domains)
    if authors is None:
        return []
    words = await _words(connection, query)
    clauses = [*authors, *_dates(query), *_languages(query), *map(_trait, query.traits), _findable(query)]
    if account_id is not None:
        clauses.append(_Clause(SQL("s.account_id = %(account)s"), {"account": account_id}))
    by_author = account_id is not None or any(not author.negated for author in query.authors)
    values: dict[str, object] = {"viewer": viewer}
    for clause in (*words, *clauses):
        values.update(clause.values)
    try:
        async with connection.transaction():
            few = by_author or query.where == "library"
            if any(word.of_spans for word in words) and not few:
                found = await _in_steps(connection, words, clauses, values, page, offset + page.limit)
                return page.turned(found[offset:])
            await connection.execute(_SQL["patience"], {"milliseconds": str(PATIENCE)})
            statement = _statement([*words, *clauses], page, joined=bool(words))
            return page.turned(await numbers(connection, statement, {**values, **page.values, "offset": offset}))
    except QueryCanceled as error:
        raise Unavailable("the search took too long") from error


async def _in_steps(
    connection: Connection,
    words: Collection[_Clause],
    clauses: Collection[_Clause],
    values: Mapping[str, object],
    page: Page,
    wanted: int,
) -> list[int]:
    """Return the posts next to where a page begins, looking on from there: it costs what is shown, not what there is.

    A word that is in many posts is found by looking at the latest ones, one that is in few by its index; but of one
    between the two, the index alone has more the longer people write.
    """
    await connection.execute(_SQL["planned_once"], {"milliseconds": str(PATIENCE)})
    found, begun = list[int](), monotonic()
    end = NEWEST if page.max_id is None else page.max_id
    upwards = page.min_id is not None
    steps = _down(connection, end) if page.min_id is None else _up(connection, page.min_id, end)
    async with aclosing(steps):
        async for step in steps:
            if monotonic() - begun > PATIENCE / 1000:
                raise Unavailable("the search took too long")
            bound = {**values, **msgspec.structs.asdict(step), "limit": wanted - len(found)}
            found += await numbers(connection, _stepping(step, words, clauses, upwards=upwards), bound)
            if len(found) >= wanted:
                break
    return found


async def _down(connection: Connection, below: int) -> AsyncGenerator[_Step, None]:
    """Yield the steps of a search: the latest posts and some spans before them, in turns of ever more spans; the rest.

    Each begins where there is a post again, for there may be long times in which nobody said anything. That each turn
    begins with single posts is for a word that many have, but not the newest: all that have it in those spans would be
    looked up to show the first of them.
    """
    for number in SPANS:
        before = await numbers(connection, _SQL["before"], {"below": below, "passed": WALKED})
        yield _Step("walked", below, lowest=before[0] if before else 0)
        if not before:
            return
        below = before[0]
        before = await numbers(connection, _SQL["before"], {"below": below, "passed": 0})
        if not before:
            return
        newest = span_of(before[0])
        oldest = newest - number + 1
        yield _Step.in_spans(below, lowest=beginning(oldest), spans=range(oldest, newest + 1))
        below = beginning(oldest)
    yield _Step("looked_up", below)


async def _up(connection: Connection, above: int, end: int) -> AsyncGenerator[_Step, None]:
    """Yield the steps the other way, from above an id to below another."""
    for number in SPANS:
        after = await numbers(connection, _SQL["after"], {"above": above, "end": end, "passed": WALKED})
        yield _Step("walked", after[0] + 1 if after else end, lowest=above + 1)
        if not after:
            return
        above = after[0]
        after = await numbers(connection, _SQL["after"], {"above": above, "end": end, "passed": 0})
        if not after:
            return
        oldest = span_of(after[0])
        newer = oldest + number
        yield _Step.in_spans(min(beginning(newer), end), lowest=above + 1, spans=range(oldest, newer))
        above = beginning(newer) - 1
    if above + 1 < end:
        yield _Step("looked_up", end, lowest=above + 1)


def _stepping(step: _Step, words: Collection[_Clause], clauses: Collection[_Clause], *, upwards: bool) -> SQL:
    asked = [word.of_spans if step.spans and word.of_spans else word.condition for word in words]
    order = SQL("ASC" if upwards else "DESC")
    found = _SQL[step.how].format(words=SQL(" AND ").join(asked), order=order)
    conditions = _all(clauses)
    return flat(
        _SQL["step"].format(found=found, conditions=conditions, visible=visible(), welcome=welcome(), order=order)
    )


def _statement(clauses: Collection[_Clause], page: Page, *, joined: bool) -> SQL:
    return flat(
        _SQL["search"].format(
            words=_SQL["join"] if joined else SQL(""),
            conditions=_all(clauses),
            visible=visible(),
            welcome=welcome(),
            window=page.window("s.id"),
        )
    )


def _all(clauses: Collection[_Clause]) -> Composed:
    return SQL(" AND ").join([clause.condition for clause in clauses])


async def _words(connection: Connection, query: StatusQuery) -> list[_Clause]:
    values = {
        "texts": [word.text for word in query.words],
        "phrases": [word.phrase for word in query.words],
        "languages": _CONFIGURATIONS,
    }
    if not query.words:
        return []
    cursor = await connection.execute(_SQL["has_trigrams"])
    trigrams = bool((await cursor.fetchone() or (False,))[0])
    lexemes = dict(await (await connection.execute(_SQL["lexemes"], values)).fetchall())
    return [
        _word(place, lexemes[place + 1], word, within=trigrams or is_unspaced(word.text))
        for place, word in enumerate(query.words)
        if place + 1 in lexemes
    ]


def _word(place: int, lexeme: str, word: Word, *, within: bool) -> _Clause:
    """Return the condition that a post has a word, also `within` a text without spaces.

    Without trigrams that reads every such text, so it is left out for words that spaces part.
    """
    bound = {f"lexeme{place}": lexeme, f"part{place}": f"%{_escaped(word.text.lower())}%"}
    names = dict(zip(("lexeme", "part"), map(Placeholder, bound), strict=True))
    condition = _SQL["has_word" if within else "has_lexeme"].format(**names)
    if word.negated:
        return _Clause(SQL("{condition} IS NOT TRUE").format(condition=condition), bound)
    return _Clause(condition, bound, _SQL["of_spans_or_within" if within else "of_spans"].format(**names))


async def _authors(
    connection: Connection, authors: Collection[Author], viewer: int, own_domains: Collection[str]
) -> list[_Clause] | None:
    """Return the conditions on who wrote; None if nobody can have."""
    ids: dict[bool, list[int]] = {True: [], False: []}
    for author in authors:
        found = viewer if author.handle is None else await _known(connection, author.handle, own_domains)
        if found is not None:
            ids[author.negated].append(found)
        elif not author.negated:
            return None
    clauses = [_Clause(SQL("s.account_id <> ALL(%(without)s::bigint[])"), {"without": ids[True]})]
    if len(ids[False]) == 1:  # whose posts then come in their order
        clauses.append(_Clause(SQL("s.account_id = %(author)s"), {"author": ids[False][0]}))
    elif ids[False]:
        clauses.append(_Clause(SQL("s.account_id = ANY(%(authors)s::bigint[])"), {"authors": ids[False]}))
    return clauses


async def _known(connection: Connection, handle: str, own_domains: Collection[str]) -> int | None:
    name, _, domain = handle.partition("@")
    return await accounts.by_handle(connection, name, domain if domain and domain.lower() not in own_domains else None)


def _dates(query: StatusQuery) -> Iterator[_Clause]:
    first = [day for day in (query.during, query.after and _next(query.after)) if day is not None]
    end = [day for day in (query.during and _next(query.during), query.before) if day is not None]
    if first:
        yield _Clause(SQL("s.created_at >= %(since)s"), {"since": _midnight(max(first))})
    if end:
        yield _Clause(SQL("s.created_at < %(until)s"), {"until": _midnight(min(end))})


def _next(day: date) -> date:
    return day if day == date.max else day + _DAY


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _languages(query: StatusQuery) -> Iterator[_Clause]:
    wanted = [tongue.code for tongue in query.languages if not tongue.negated]
    if wanted:
        yield _Clause(SQL("lower(s.language) = ANY(%(languages)s::text[])"), {"languages": wanted})
    unwanted = [tongue.code for tongue in query.languages if tongue.negated]
    if unwanted:
        yield _Clause(SQL("lower(s.language) <> ALL(%(no_languages)s::text[])"), {"no_languages": unwanted})


def _trait(trait: Trait) -> _Clause:
    condition = _SQL[trait.name]
    return _Clause(SQL("NOT ({condition})").format(condition=condition) if trait.negated else condition)


def _findable(query: StatusQuery) -> _Clause:
    if query.where == "library":
        return _Clause(_SQL["of_library"])
    if query.where == "public":
        return _Clause(_SQL["public"])
    either: Composed = SQL("({library} OR {public})").format(library=_SQL["library"], public=_SQL["public"])
    return _Clause(either)


def _escaped(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)
