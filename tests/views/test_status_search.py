"""Searching for statuses step by step finds what a look at each of them finds."""

import itertools
import random
from collections.abc import Mapping
from datetime import timedelta

import pytest
from psycopg.sql import SQL

from fedi.errors import Unavailable
from fedi.ids import id_at
from fedi.meaning.words import beginning, is_unspaced, lexeme_of, span_of
from fedi.registry.rows import numbers
from fedi.views import status_search
from fedi.views.pages import Page
from fedi.views.search_query import parse
from tests.support.views import NOON, Connection, account, boost, favourite, insert, status

WORDS = ("often", "often", "often", "seldom", "東京の猫")
SAVE = """
    INSERT INTO read.status_words (status_id, account_id, words, text)
    VALUES (%(id)s, %(author)s, to_tsvector('simple', %(text)s) || array_to_tsvector(ARRAY[%(span)s]), %(unspaced)s)"""


async def say(read: Connection, author: int, identifier: int, text: str, visibility: str) -> None:
    await status(read, author, id=identifier, visibility=visibility)
    unspaced = text if is_unspaced(text) else None
    span = lexeme_of(span_of(identifier))
    await read.execute(SAVE, {"id": identifier, "author": author, "text": text, "span": span, "unspaced": unspaced})


@pytest.mark.parametrize("walked", [1, 4, 500])
async def test_the_newest_that_have_the_words_are_found(
    read: Connection, walked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status_search, "WALKED", walked)
    monkeypatch.setattr(status_search, "SPANS", (1, 3))
    author, reader = await account(read, "author", indexable=True), await account(read, "reader")
    chance, said = random.Random(walked), dict[int, str]()
    moment = NOON
    for number in range(80):
        moment += chance.choice([timedelta(seconds=1), timedelta(hours=9), timedelta(days=9)])
        text = " ".join(chance.sample(WORDS, 2)) + f" number{number}"
        visibility = chance.choice(["public", "public", "private"])
        await say(read, author, id_at(moment, number), text, visibility)
        if visibility == "public":
            said[id_at(moment, number)] = text
    early, middle, newest = [sorted(said)[number] for number in (3, len(said) // 2, -1)]
    for typed, has in (
        ("often", lambda text: "often" in text),
        ("seldom", lambda text: "seldom" in text),
        ("often -seldom", lambda text: "often" in text and "seldom" not in text),
        ("京の猫", lambda text: "京の猫" in text),
        ("number0", lambda text: text.endswith("number0")),
        ("nothing", lambda text: False),
    ):
        having = [each for each in sorted(said, reverse=True) if has(said[each])]
        for limit, offset, below in itertools.product((1, 5, 40), (0, 3), (None, middle, 0)):
            page = Page(limit=limit, max_id=below)
            expected = [each for each in having if below is None or each < below]
            found = await status_search.search(read, parse(typed), reader, page, offset=offset)
            assert found == expected[offset : offset + limit], (typed, page, offset)
        for limit, offset, above, below in itertools.product((1, 5, 40), (0, 3), (0, early, newest), (None, middle)):
            page = Page(limit=limit, min_id=above, max_id=below)
            expected = [each for each in having[::-1] if above < each and (below is None or each < below)]
            found = await status_search.search(read, parse(typed), reader, page, offset=offset)
            assert found == expected[offset : offset + limit][::-1], (typed, page, offset)


async def test_a_library_is_what_somebody_has_to_do_with(read: Connection) -> None:
    author, reader = await account(read, "author", indexable=True), await account(read, "reader")
    deeds = ("wrote", "boosted", "favourited", "bookmarked", "was named", "voted", "nothing", "somebody else boosted")
    posts = {deed: id_at(NOON + timedelta(days=number), 0) for number, deed in enumerate(deeds)}
    for deed, identifier in posts.items():
        await say(read, reader if deed == "wrote" else author, identifier, f"often {deed.split()[-1]}", "public")
    await boost(read, reader, posts["boosted"])
    await boost(read, author, posts["somebody else boosted"])
    await favourite(read, reader, posts["favourited"])
    one = {"account_id": reader}
    await insert(read, "bookmarks", id=1, author_id=author, status_id=posts["bookmarked"], **one)
    await insert(read, "status_mentions", silent=False, status_id=posts["was named"], **one)
    await insert(read, "poll_votes", choice=0, vote_id=1, status_id=posts["voted"], **one)

    async def found(typed: str, page: Page) -> list[int]:
        return await status_search.search(read, parse(typed), reader, page)

    library = [posts[deed] for deed in reversed(deeds[:6])]
    assert await found("in:library", Page(limit=9)) == library
    assert await found("in:library often", Page(limit=2)) == library[:2]
    assert await found("in:library often", Page(limit=2, min_id=library[4])) == library[2:4]
    assert await found("in:library -voted", Page(limit=9)) == library[1:]
    assert await found("in:library nothing", Page(limit=9)) == []


async def test_a_time_of_silence_does_not_lead_to_a_look_at_all_that_is_older(
    read: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status_search, "WALKED", 1)
    monkeypatch.setattr(status_search, "SPANS", (1,))
    author = await account(read, "author", indexable=True)
    days = {0: "often", 9: "other", 3600: "other", 3601: "often", 9000: "other", 9009: "other"}
    ids = {day: id_at(NOON + timedelta(days=day), 0) for day in days}
    for day, text in days.items():
        await say(read, author, ids[day], text, "public")
    asked = list[object]()

    async def noted(connection: Connection, statement: SQL, values: Mapping[str, object]) -> list[int]:
        asked.extend([values["spans"]] if "spans" in values else [])
        return await numbers(connection, statement, values)

    monkeypatch.setattr(status_search, "numbers", noted)
    assert await status_search.search(read, parse("often"), author, Page(limit=1)) == [ids[3601]]
    page = Page(limit=1, min_id=ids[0])
    assert await status_search.search(read, parse("often"), author, page) == [ids[3601]]
    there = f"'{lexeme_of(span_of(ids[3601]))}'"
    assert asked == ["", there, "", there]
    for end in (ids[9], ids[3600], ids[3600] + 1, beginning(span_of(ids[3601]) + 1)):
        asked.clear()
        page = Page(limit=1, min_id=ids[0], max_id=end)
        assert await status_search.search(read, parse("seldom"), author, page) == []
        assert asked == (["", there] if end > ids[3601] else [""]), "nothing is looked up beyond the end"


async def test_a_word_that_the_newest_posts_have_not_is_looked_for_in_single_posts_again(
    read: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or all posts of the next spans that have it would be looked up, to show one."""
    monkeypatch.setattr(status_search, "WALKED", 1)
    monkeypatch.setattr(status_search, "SPANS", (1, 1))
    author = await account(read, "author", indexable=True)
    texts = ("often", "other", "other", "other", "often")
    ids = [id_at(NOON + timedelta(days=day), number) for number, day in enumerate((0, 90, 90, 90, 180))]
    for identifier, text in zip(ids, texts, strict=True):
        await say(read, author, identifier, text, "public")
    asked = list[object]()

    async def noted(connection: Connection, statement: SQL, values: Mapping[str, object]) -> list[int]:
        asked.extend([values["spans"]] if "spans" in values else [])
        return await numbers(connection, statement, values)

    monkeypatch.setattr(status_search, "numbers", noted)
    between = f"'{lexeme_of(span_of(ids[1]))}'"
    for page, found in ((Page(limit=1, max_id=ids[4]), ids[0]), (Page(limit=1, min_id=ids[0]), ids[4])):
        asked.clear()
        assert await status_search.search(read, parse("often"), author, page) == [found]
        assert asked == ["", between, ""]


async def test_a_search_of_many_steps_is_given_up_as_one_of_a_single_question_is(
    read: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status_search, "WALKED", 1)
    author = await account(read, "author", indexable=True)
    for number in range(4):
        await say(read, author, id_at(NOON + timedelta(days=40 * number), number), "often", "public")
    monkeypatch.setattr(status_search, "monotonic", itertools.count(step=status_search.PATIENCE / 2000).__next__)
    page = Page(limit=2)
    assert len(await status_search.search(read, parse("often"), author, page)) == 2
    with pytest.raises(Unavailable):
        await status_search.search(read, parse("seldom"), author, page)
