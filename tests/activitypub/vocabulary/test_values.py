"""The tolerant readers: what they make of the many shapes of one property."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fedi.activitypub.vocabulary import uris, values

HOSTS = st.lists(
    st.sampled_from(["a", "A", "-", "_", ".", "0", "x.test", "é", "xn--", "1.2", "b" * 64]), max_size=5
).map("".join)
TAILS = st.lists(
    st.sampled_from(["/", "?", "#", "a", "Z", "%", "é", "\\", "`", "^", "|", "~", "@", " ", '"', "{", ":80"]),
    max_size=6,
)
SCHEMES = st.sampled_from(["http://", "https://", "HTTPS://"])
USUAL = st.sampled_from(["x.test", "x.test:3000", "x.test:443", "localhost:3000", "[::1]"])
URIS = st.tuples(SCHEMES, HOSTS | USUAL, TAILS.map("".join)).map("".join)


@settings(max_examples=2000)
@given(URIS)
@example("https://x.test?a/b")
@example("http://localhost:3000#a/b")
def test_the_quick_way_to_read_a_uri_and_the_strict_one_agree(text: str) -> None:
    try:
        strict = uris.parse(text, fragment=True)
    except uris.InvalidUriError:
        assert values.uri(text) == values.new_uri(text) == values.origin(text) == ""
    else:
        assert values.uri(text) == values.new_uri(text) == strict.text
        assert values.origin(text) == strict.origin


@pytest.mark.parametrize(
    ("value", "identifier"),
    [
        ("https://X.test/a", "https://x.test/a"),
        ({"id": "https://x.test/a"}, "https://x.test/a"),
        ({"type": "Link", "href": "https://x.test/a"}, "https://x.test/a"),
        ([{"id": "https://x.test/a"}, "https://x.test/b"], "https://x.test/a"),
        ([], ""),
        ({"id": 5}, ""),
        ("javascript:alert(1)", ""),
        (None, ""),
    ],
)
def test_ids(value: object, identifier: str) -> None:
    assert values.id_of(value) == identifier


def test_distinct_ids_up_to_a_limit() -> None:
    uris_of = [{"id": "https://x.test/1"}, "https://x.test/1", 7, "https://x.test/2", "https://x.test/3"]
    assert values.ids_of(uris_of, 2) == ("https://x.test/1", "https://x.test/2")


def test_of_several_links_the_page_for_people_wins() -> None:
    video = {"type": "Link", "mediaType": "video/mp4", "href": "https://x.test/v.mp4"}
    page = {"type": "Link", "mediaType": "text/html", "href": "https://x.test/v"}
    assert values.link([video, page]) == "https://x.test/v"
    assert values.link([{"href": "magnet:?x"}, video]) == "https://x.test/v.mp4"
    assert values.link("gemini://x.test") == ""


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("https://x.test/a", "https://x.test:443/b", True),
        ("https://x.test/a", "http://x.test/a", False),
        ("https://x.test/a", "https://x.test:8443/a", False),
        ("https://x.test/a", "https://x.test.evil.test/a", False),
        ("", "", False),
    ],
)
def test_same_origin(a: str, b: str, same: bool) -> None:
    assert values.same_origin(a, b) is same


@pytest.mark.parametrize(
    "written",
    [
        "2024-05-06T07:08:09Z",
        "2024-05-06t07:08:09z",
        "2024-05-06T07:08:09.000000123Z",
        "2024-05-06T09:08:09+02:00",
        "2024-05-06T09:08:09+0200",
        "2024-05-06 07:08:09",
    ],
)
def test_dates(written: str) -> None:
    assert values.moment(written) == datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


def test_types_lose_their_prefix() -> None:
    assert values.types({"type": ["as:Note", "http://schema.org#PropertyValue", 5, "toot:Emoji"]}) == (
        "Note",
        "PropertyValue",
        "Emoji",
    )
    assert values.types({}) == ()


def test_texts_keep_nothing_that_no_database_takes() -> None:
    assert values.text("a\0b\ud800c\n", 10) == "abc\n"
    assert values.text("abcdef", 3) == "abc"
    assert values.text(5, 3) == ""
