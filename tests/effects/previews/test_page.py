"""What pages say of themselves."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedi.effects.previews import frames, json_ld, oembed, page, words

WHERE = "https://news.example/articles/1"
HEAD = """<!doctype html><html lang="de-AT"><head><title>Plain</title>
<meta property="og:title" content="Open &amp; clear"><meta name="description" content="plain">
<meta property="og:image" content="/cat.png"><meta property="og:image:alt" content="A cat">
<meta property="og:site_name" content="The News"><meta name="author" content="Ann">
<meta property="article:published_time" content="2026-01-02T03:04:05+01:00">
<meta name="fediverse:creator" content="@ann@here.example">
<meta name="twitter:player" content="https://films.example/1"><meta name="twitter:player:width" content="640">
<link rel="alternate" type="application/json+oembed" href="/oembed?url=1"></head><body>x</body></html>"""
ARTICLE = """<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [{"@type": "Organization"},
{"@type": ["NewsArticle"], "headline": "Head", "description": "Said", "inLanguage": "en-GB",
 "author": [{"name": "Bea", "url": "/bea"}], "publisher": {"name": "Press"}, "datePublished": "2026-05-06",
 "image": {"url": "https://news.example/b.png"}}]}</script>"""


def test_open_graph_goes_before_plain_html() -> None:
    read = page.read(HEAD.encode(), "text/html", WHERE)
    assert (read.title, read.description, read.language) == ("Open & clear", "plain", "de")
    assert (read.image, read.image_description) == ("https://news.example/cat.png", "A cat")
    assert (read.provider_name, read.author_name, read.creator) == ("The News", "Ann", "ann@here.example")
    assert read.published_at == datetime(2026, 1, 2, 2, 4, 5, tzinfo=UTC)
    assert read.oembed == "https://news.example/oembed?url=1"
    assert (read.player, read.player_width, read.player_height) == ("https://films.example/1", 640, 0)


def test_an_article_goes_before_all() -> None:
    read = page.read((HEAD + ARTICLE).encode(), "text/html; charset=utf-8", WHERE)
    assert (read.title, read.description, read.language) == ("Head", "Said", "en")
    assert (read.author_name, read.author_url) == ("Bea", "https://news.example/bea")
    assert read.published_at == datetime(2026, 5, 6, tzinfo=UTC)
    assert read.provider_name == "The News"


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        ("<title>Grüße</title>".encode(), "text/html"),
        ("<title>Grüße</title>".encode("latin-1"), "text/html; charset=ISO-8859-1"),
        ('<meta charset="windows-1252"><title>Grüße</title>'.encode("cp1252"), "text/html"),
        ("<title>Grüße</title>".encode("utf-16"), "text/html"),
        ("<title>Grüße</title>".encode(), "text/html; charset=rot13"),
    ],
)
def test_pages_are_read_in_their_own_encoding(data: bytes, content_type: str) -> None:
    assert page.read(data, content_type, WHERE).title == "Grüße"


@given(st.binary(max_size=300))
def test_whatever_the_bytes_nothing_is_raised(data: bytes) -> None:
    page.read(b'<script type="application/ld+json">' + data, "text/html", WHERE)
    oembed.read(data, WHERE, "here.example")


def test_scripts_that_are_no_articles_say_nothing() -> None:
    nothing = ("", "[", "null", "[[]]", '{"@type": 7}', '{"@graph": {"@type": "Article"}}')
    for text in (*nothing, "[" * 100_000, "1" * 300_000):
        assert json_ld.read(text) is None


FRAME = '<iframe src="https://films.example/1" width="560" height="315" onload="x()" srcdoc="<b>"></iframe>'


def test_s_077_frames_are_made_anew() -> None:
    made = frames.first_frame(f"<script>1</script><img onerror=x>{FRAME}", WHERE, "here.example")
    assert made.startswith('<iframe src="https://films.example/1" width="560" height="315"')
    assert "sandbox=" in made
    for word in ("script>", "onload", "srcdoc", "onerror"):
        assert word not in made


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "data:text/html,x", "http://films.example/", "https://here.example/x", "https://HERE.example",
        "https://user@films.example/", "", "https://films.example/" + "x" * 1_600,
    ],
)  # fmt: skip
def test_s_077_frames_to_other_places_are_refused(address: str) -> None:
    assert frames.frame(address, 1, 1, "here.example") == ""
    assert frames.first_frame(f'<iframe src="{address}">', "http://news.example/", "here.example") == ""


def test_quotes_in_addresses_do_not_end_them() -> None:
    made = frames.frame("https://films.example/?a='b&c", 1, 1, "here.example")
    assert "'" not in made


def test_oembed_is_read_by_its_kind() -> None:
    film = b'{"version": "1.0", "type": "video", "title": "Film", "width": "640", "height": 480.0, "html": %s}'
    read = oembed.read(film % b'"<iframe src=\\"https://films.example/1\\">"', WHERE, "here.example")
    assert read is not None
    assert (read.kind, read.title, read.width, read.height) == ("video", "Film", 640, 480)
    assert oembed.read(film % b'"<script>"', WHERE, "here.example") is None
    photo = oembed.read(b'{"version": "1.0", "type": "photo", "url": "/p.jpg", "width": 5}', WHERE, "here.example")
    assert photo is not None
    assert (photo.kind, photo.embed_url, photo.image) == (
        "photo",
        "https://news.example/p.jpg",
        "https://news.example/p.jpg",
    )
    for refused in (
        b'{"type": "rich", "html": "x"}',
        b'{"type": "photo"}',
        b"[]",
        b"{",
        b'{"version": 2, "type": "link"}',
    ):
        assert oembed.read(refused, WHERE, "here.example") is None


def test_texts_are_short_and_on_one_line() -> None:
    assert words.short("  a\n\tb\x00c ", 10) == "a bc"
    assert words.short("x" * 50, 10) == "x" * 9 + "…"
    assert words.short(None, 10) == words.address(7, WHERE) == words.language("!") == ""
    assert words.address("//cdn.example/x", WHERE) == "https://cdn.example/x"
    assert [words.pixels(value) for value in ("12", -1, True, 1e9, "x", None, "９")] == [12, 0, 0, 0, 0, 0, 0]
    assert words.moment("tomorrow") is words.moment("0001-01-01T00:00:00+14:00") is None
