"""What filters catch."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedi.views.filtering import Filter, FilterKeyword, FilterStatus, Sieve, searchable

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def a_filter(*keywords: tuple[str, bool], statuses: tuple[int, ...] = (), expires_at: datetime | None = None) -> Filter:
    return Filter(
        id=1,
        account_id=2,
        title="pets",
        context=("home",),
        action="warn",
        expires_at=expires_at,
        keywords=tuple(
            FilterKeyword(id=number, filter_id=1, keyword=word, whole_word=whole)
            for number, (word, whole) in enumerate(keywords)
        ),
        statuses=tuple(FilterStatus(id=each, filter_id=1, status_id=each) for each in statuses),
    )


@pytest.mark.parametrize(
    ("keyword", "whole", "text", "found"),
    [
        ("cat", True, "my Cat sleeps", "Cat"),
        ("cat", True, "concatenate", None),
        ("cat", False, "concatenate", "cat"),
        ("#cat", True, "look: #cats", None),
        ("#cat", True, "look: #cat!", "#cat"),
        ("été", True, "un ÉTÉ chaud", "ÉTÉ"),
        ("été", True, "répété", None),
        ("a.c", False, "abc", None),
        ("(", True, "a ( b", "("),
        ("two words", True, "only Two Words here", "Two Words"),
        ("two words", True, "two wordsmiths, two words", "two words"),
        ("कमल", True, "यह कमल है", "कमल"),
        ("कमल", True, "कमला", None),
        ("ὈΔΥΣΣΕΎΣ", True, "ὁ ὀδυσσεύς", "ὀδυσσεύς"),
        ("istanbul", True, "İİ Istanbul", "Istanbul"),
        ("cat", True, "cat_nip", None),
        ("日本", False, "東日本大震災", "日本"),
        ("b", True, "a-b-c", "b"),
    ],
)
def test_words(keyword: str, whole: bool, text: str, found: str | None) -> None:
    matches = Sieve([a_filter((keyword, whole))]).matches([9], text, NOW)
    assert [match.keyword for match in matches] == ([] if found is None else [found])


def test_single_posts_are_caught_with_their_boosts() -> None:
    sieve = Sieve([a_filter(statuses=(7,))])
    assert not sieve.reads
    assert [match.status_id for match in sieve.matches([8, 7], "", NOW)] == [7]
    assert sieve.matches([8], "", NOW) == ()


@pytest.mark.parametrize(
    ("keywords", "statuses", "caught"),
    [
        ((("cat", True), ("og", False)), (), True),
        ((("cat", True), ("a dog", True)), (), True),
        ((("cat", True),), (7,), True),
        ((("cat", True), ("dog", True)), (), True),
        ((("cat", True), ("do", True)), (), False),
        ((("cat", True),), (8,), False),
    ],
)
def test_whole_words_are_not_all_that_is_looked_for(
    keywords: tuple[tuple[str, bool], ...], statuses: tuple[int, ...], caught: bool
) -> None:
    sieve = Sieve([a_filter(*keywords, statuses=statuses)])
    assert bool(sieve.matches([7], "a dog", NOW)) == caught


def test_a_filter_ends() -> None:
    sieve = Sieve([a_filter(("cat", True), expires_at=NOW)])
    assert sieve.matches([1], "cat", NOW) == ()
    assert sieve.matches([1], "cat", NOW - timedelta(seconds=1))


def test_all_that_is_read_is_looked_through() -> None:
    text = searchable("warning", "text", ["option"], ["", "described"])
    for word in ("warning", "text", "option", "described"):
        assert Sieve([a_filter((word, True))]).matches([1], text, NOW)


@given(st.lists(st.tuples(st.text(min_size=1, max_size=20), st.booleans()), max_size=5), st.text(max_size=200))
def test_any_keyword_is_taken_literally(keywords: list[tuple[str, bool]], text: str) -> None:
    for match in Sieve([a_filter(*keywords)]).matches([1], text, NOW):
        assert match.keyword is not None
        assert match.keyword in text


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("{a}!{n}", "a"),
        ("(a+)+${n}", "a"),
        ("{a} b{n}", "a "),
        ("{ab}a", "ab "),
        ("#{a}{n}", "#aaaa"),
    ],
)
@pytest.mark.parametrize("whole", [True, False])
def test_no_thousand_keywords_make_long_texts_slow(keyword: str, text: str, whole: bool) -> None:
    keywords = [
        (keyword.format(a="a" * (500 - number % 100), ab="ab " * (number % 150 + 1), n=number), whole)
        for number in range(1_000)
    ]
    sieve = Sieve([a_filter(*keywords)])
    begun = time.process_time()
    sieve.matches([1], text * 100_000, NOW)
    assert time.process_time() - begun < 1
