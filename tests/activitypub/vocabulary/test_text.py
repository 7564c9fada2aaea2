"""Plain text as HTML: what is found in it, how it is written, how long it counts."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedi.activitypub.vocabulary.hashtags import is_hashtag, normal
from fedi.activitypub.vocabulary.html import clean, to_text
from fedi.activitypub.vocabulary.text import (
    MentionTarget,
    hashtags_in,
    length,
    mentions_in,
    render,
)
from fedi.activitypub.vocabulary.text_entities import entities
from fedi.site import Site

HERE = Site(domain="here.test", web_domain="here.test", https=True)
ADA = MentionTarget(uri="https://m.test/users/ada", url="https://m.test/@ada", username="ada", domain="m.test")
LOCAL_ADA = MentionTarget(uri="https://here.test/users/ada", url="https://here.test/@ada", username="ada")


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("Hi @Ada@M.test, and @bob.", ("ada@m.test", "bob")),
        ("@a @A @a", ("a",)),
        ("@x@localhost:3000: hello", ("x@localhost:3000",)),
        ("@x@host.test:5 things", ("x@host.test",)),
        ("@me@exämple.test", ("me@exämple.test",)),
        ("mail a@b.test, https://m.test/@ada, @ab@cd@ef, @bobé, @s://x, /@y", ()),
        ("@first.last-x @tail.", ("first.last-x", "tail")),
    ],
)
def test_mentions(text: str, handles: tuple[str, ...]) -> None:
    assert mentions_in(text) == handles


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#One #one, #Été! #2024 #2024_01 #_ x#no /#no #日本語 #हिन्दी", ("One", "Été", "2024_01", "日本語", "हिन्दी")),
        ("https://x.test/#frag #nach·mittag·", ("nach·mittag",)),
        ("#" + "a" * 300, ()),
    ],
)
def test_hashtags(text: str, tags: tuple[str, ...]) -> None:
    assert hashtags_in(text) == tags


@pytest.mark.parametrize(
    ("written", "stored"), [("ÉtÉ", "ete"), ("Ｔａｇ", "tag"), ("Łódź", "lodz"), ("Straße", "straße"), ("a-b!", "ab")]
)
def test_the_normal_form_of_a_hashtag(written: str, stored: str) -> None:
    assert normal(written) == stored
    assert is_hashtag(stored)


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("see https://x.test/a_(b)?c=1&d#e. (http://y.test/z)", ("https://x.test/a_(b)?c=1&d#e", "http://y.test/z")),
        (
            "http://localhost:3000/x, https://例え.テスト/パス。",
            ("http://localhost:3000/x", "https://例え.テスト/パス"),
        ),
        ("magnet:?xt=urn:btih:ab gemini://x.test", ("magnet:?xt=urn:btih:ab", "gemini://x.test")),
        ("http:// https://user@evil.test/ ahttps://x.test javascript:alert(1)", ()),
    ],
)
def test_links(text: str, urls: tuple[str, ...]) -> None:
    assert tuple(each.value for each in entities(text) if each.kind == "url") == urls


def test_paragraphs_and_lines() -> None:
    assert render(" one\r\ntwo\n\n\nthree <b> & \n", {}, HERE) == "<p>one<br>two</p><p>three &lt;b&gt; &amp;</p>"
    assert render("one\ntwo", {}, HERE, lines=False) == "one two"
    assert render("  \n ", {}, HERE) == ""


def test_a_link_is_shortened() -> None:
    assert render("https://www.example.com/a/very/long/path/indeed?x=1&y", {}, HERE, lines=False) == (
        '<a href="https://www.example.com/a/very/long/path/indeed?x=1&amp;y" target="_blank" rel="nofollow noopener">'
        '<span class="invisible">https://www.</span><span class="ellipsis">example.com/a/very/long/path/i</span>'
        '<span class="invisible">ndeed?x=1&amp;y</span></a>'
    )
    assert 'rel="nofollow noopener me"' in render("https://x.test", {}, HERE, lines=False, me=True)


def test_mentions_and_hashtags_are_linked() -> None:
    mention = '<a href="https://m.test/@ada" class="u-url mention">@<span>ada</span></a>'
    hashtag = '<a href="https://here.test/tags/ete" class="mention hashtag" rel="tag">#<span>Été</span></a>'
    html = render("@ADA@m.test @who #Été", {"ada@m.test": ADA}, HERE)
    assert html == f'<p><span class="h-card" translate="no">{mention}</span> @who {hashtag}</p>'


def test_namesakes_are_told_apart() -> None:
    html = render("@ada @ada@m.test", {"ada@m.test": ADA, "ada": LOCAL_ADA}, HERE)
    assert "<span>ada@m.test</span>" in html
    assert "<span>ada</span>" in html


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("abc", 3),
        ("x https://example.com/" + "a" * 90, 25),
        ("@ada@long.domain.test hi", 7),
        ("👩‍👩‍👧‍👦🇫🇷👍🏽e\u0301", 4),
        ("", 0),
    ],
)
def test_length(text: str, count: int) -> None:
    assert length(text) == count


@given(
    st.text(st.characters(exclude_categories=["Cc", "Cs"]))
    | st.lists(st.sampled_from(["@a", "@", "#", "x", "https://", "x.test", "/", ")", "(", " ", "\n", "<"])).map("".join)
)
def test_any_text_is_rendered_safely_and_whole(text: str) -> None:
    html = render(text, {}, HERE)
    letters = "".join(character for character in text if character.isalnum())
    assert "".join(character for character in to_text(html) if character.isalnum()) == letters
    assert to_text(clean(html)) == to_text(html)
    length(text)


@pytest.mark.parametrize(
    "text",
    [
        "@a@" * 30_000,
        "https://" * 12_000,
        "#" * 100_000,
        "(https://x.test/" * 8_000,
        "@a." * 30_000,
        "https://x.test/" + "(" * 90_000,
    ],
    ids=["mentions", "schemes", "signs", "links", "names", "brackets"],
)
def test_no_text_is_dear(text: str) -> None:
    started = time.process_time()
    render(text, {}, HERE)
    length(text)
    assert time.process_time() - started < 1.0  # a quadratic reader takes many seconds
