"""What people type into the search for statuses."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedi.errors import ClientError
from fedi.views.search_query import MOST_WORDS, Author, StatusQuery, Tongue, Trait, Word, parse

PARTS = st.sampled_from(
    ["+", "-", '"', "from:", "in:", "has:", "is:", "language:", "before:", "during:", "me", "library", "media", "2026"]
)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("cats  dogs", StatusQuery(words=(Word(text="cats"), Word(text="dogs")))),
        ('"two cats" -dogs', StatusQuery(words=(Word(text="two cats", phrase=True), Word(text="dogs", negated=True)))),
        ('+cats -"no dogs', StatusQuery(words=(Word(text="cats"), Word(text="no dogs", phrase=True, negated=True)))),
        ("from:me", StatusQuery(authors=(Author(handle=None),))),
        ("FROM:@Ada@b.example", StatusQuery(authors=(Author(handle="Ada@b.example"),))),
        ("-from:ada", StatusQuery(authors=(Author(handle="ada", negated=True),))),
        ("has:media is:reply", StatusQuery(traits=(Trait(name="media"), Trait(name="reply")))),
        ("-is:sensitive", StatusQuery(traits=(Trait(name="sensitive", negated=True),))),
        ("language:PT-br", StatusQuery(languages=(Tongue(code="pt-br"),))),
        ("in:library", StatusQuery(where="library")),
        ("before:2026-01-02", StatusQuery(before=date(2026, 1, 2))),
        ('after:"2026-01-02"', StatusQuery(after=date(2026, 1, 2))),
        ("during:2026-01-02T10:00", StatusQuery(during=date(2026, 1, 2))),
        ("foo:bar", StatusQuery(words=(Word(text="foo:bar"),))),
        ("… - +", StatusQuery()),
        ("猫 кот", StatusQuery(words=(Word(text="猫"), Word(text="кот")))),
    ],
)
def test_what_is_typed_is_understood(typed: str, expected: StatusQuery) -> None:
    assert parse(typed) == expected


@pytest.mark.parametrize(
    "typed", ["in:nowhere", "-in:library", "has:wings", "before:yesterday", "language:!!", "-before:2026-01-02"]
)
def test_what_an_operator_cannot_mean_is_refused(typed: str) -> None:
    with pytest.raises(ClientError):
        parse(typed)


def test_a_search_has_a_bounded_number_of_words() -> None:
    assert len(parse("a " * MOST_WORDS).words) == MOST_WORDS
    with pytest.raises(ClientError):
        parse("a " * (MOST_WORDS + 1))


@given(st.lists(st.one_of(PARTS, st.text(max_size=8)), max_size=40).map(" ".join) | st.text())
def test_anything_is_understood_or_refused(typed: str) -> None:
    try:
        query = parse(typed)
    except ClientError:
        return
    assert len(query.words) <= MOST_WORDS
    assert all(any(map(str.isalnum, word.text)) for word in query.words)
