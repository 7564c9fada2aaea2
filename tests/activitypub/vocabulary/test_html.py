"""Cleaning: what stays, what goes, and that no input is dear or dangerous."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from fedi.activitypub.vocabulary.html import SCHEMES, TAGS, clean, to_text

LINK = '<a href="{}" target="_blank" rel="nofollow noopener">{}</a>'
ALLOWED = {"href", "class", "lang", "translate", "start", "reversed", "value", "rel", "target"}


@pytest.mark.parametrize(
    "same",
    [
        "<p>one<br>two</p><p><del>a</del> <s>b</s> <b>c</b> <strong>d</strong> <u>e</u> <i>f</i> <em>g</em></p>",
        "<pre><code>x &lt; y</code></pre><blockquote><p>z</p></blockquote>",
        '<ul><li>a</li></ul><ol start="3" reversed=""><li value="7">b</li></ol>',
        "<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>",
        '<p class="quote-inline" lang="de">RE:</p>',
        '<span class="h-card p-name u-url dt-start e-content" translate="no">x</span>',
        LINK.format("https://m.test/@a", "@<span>a</span>").replace("<a ", '<a class="u-url mention" ', 1),
        "plain &amp; simple",
    ],
)
def test_what_is_allowed_stays(same: str) -> None:
    cleaned = clean(same)
    assert sorted(cleaned.replace(">", " ").split()) == sorted(same.replace(">", " ").split())
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize(
    ("dirty", "cleaned"),
    [
        ("<script>alert(1)</script>ok<style>p{}</style>", "ok"),
        ("<div onclick=x>a<img src=x onerror=y>b</div>", "ab"),
        ("<div>a</div><div>b</div>", "a b"),
        ("<h1 class=big>T</h1>x", "<p><strong>T</strong></p>x"),
        ("<h3>T</H3>", "<p><strong>T</strong></p>"),
        ('<p class="modal fixed h-card" style="position:fixed" id=x>y</p>', '<p class="h-card">y</p>'),
        ('<span translate="yes">x</span>', "<span>x</span>"),
        ('<a href="javascript:alert(1)">z<b>u</b></a>', "zu"),
        ('<a href="/relative">z</a>', "z"),
        ("<a>z</a>", "z"),
        ('<a href="https://x.test/" rel="me" target="top">z</a>', LINK.format("https://x.test/", "z")),
        ("a < b & c", "a &lt; b &amp; c"),
        ('<p lang="x&quot; onload=&quot;y">z</p>', "<p>z</p>"),
    ],
)
def test_the_rest_goes(dirty: str, cleaned: str) -> None:
    assert clean(dirty) == cleaned


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
def test_schemes_of_mastodon(scheme: str) -> None:
    address = f"{scheme}:?xt=1" if scheme in ("magnet", "xmpp") else f"{scheme}://host.test/x"
    assert clean(f'<a href="{address}">x</a>') == LINK.format(address, "x")


def test_formulas_become_their_annotation() -> None:
    formula = '<math{}><semantics><mi>x</mi><annotation encoding="{}">x_1</annotation></semantics></math>'
    assert clean(formula.format("", "application/x-tex")) == "$x_1$"
    assert clean(formula.format(' display="block"', "application/x-tex")) == "$$x_1$$"
    assert clean(formula.format("", "text/plain")) == "x_1"


def test_s_079_text_is_hidden_only_in_a_link_that_says_its_address() -> None:
    hidden, cut = '<span class="invisible">{}</span>', '<span class="ellipsis">good.test/a</span>'
    parts = hidden.format("https://") + cut + hidden.format("b")
    honest = f'<a href="https://good.test/ab">{parts}</a>'
    assert clean(honest).count("invisible") == 2
    assert "invisible" not in clean(honest.replace('href="https://good', 'href="https://evil'))
    assert "invisible" not in clean('<span class="invisible">x</span>')
    among_others = (
        '<span class="mention invisible u-url">https://evil.test/</span><span class="p-x ellipsis">good.test</span>'
    )
    for text in (among_others, f'<a href="https://evil.test/">{among_others}</a>'):
        assert {"invisible", "ellipsis"} & set(re.findall(r"\w+", clean(text))) == set()
        assert 'class="mention u-url"' in clean(text)


@pytest.mark.parametrize("around", ["<table><tr><td>{}</table>", "<object>{}</object>", "<marquee>{}</marquee>"])
def test_s_079_a_link_within_a_link_hides_nothing(around: str) -> None:
    """The address that the outer one says in all its text is not where the inner one leads."""
    inner = '<a href="https://evil.test/"><span class="invisible">https://good.te</span>st/a</a>'
    cleaned = clean(f'<a href="https://good.test/a">{around.format(inner)}</a>')
    assert "https://evil.test/" in cleaned
    assert "invisible" not in cleaned
    assert cleaned.count("<a ") == cleaned.count("</a>") == len(LexborHTMLParser(cleaned).css("a"))


@pytest.mark.parametrize("tag", ["p", "span", "a", "li", "blockquote"])
def test_s_083_no_stranger_dresses_as_the_page(tag: str) -> None:
    kept = {"h-card", "p-name", "u-url", "dt-start", "e-content", "mention", "hashtag", "quote-inline"}
    theirs = "modal fixed invisible ellipsis hidden sr-only emojione btn h- p-" + "x" * 65
    classes = " ".join([*sorted(kept), theirs])
    given = f'<{tag} href="https://x.test/" class="{classes}" style="position:fixed" id="app">x</{tag}>'
    cleaned = clean(given)
    assert "style" not in cleaned
    assert "id=" not in cleaned
    assert "position" not in cleaned
    left = re.findall(r'class="([^"]*)"', cleaned)
    assert left == ([" ".join(sorted(kept))] if tag in {"p", "span", "a"} else [])


WRAPPED = (
    "{}",
    "<p>{}</p>",
    "<svg>{}</svg>",
    "<svg><style>{}</style></svg>",
    "<svg><desc>{}",
    "<svg><foreignObject>{}",
    "<math>{}</math>",
    "<math><mtext>{}",
    "<math><mtext><table><mglyph><style><!--</style>{}",
    "<math><annotation-xml encoding='text/html'>{}",
    "<form><math><mtext></form><form><mglyph><style></math>{}",
    "<noscript><p title='</noscript>{}'>",
    "<xmp><p title='</xmp>{}'>",
    "<style>{}</style>",
    "<title>{}</title>",
    "<textarea>{}</textarea>",
    "<template>{}</template>",
    "<plaintext>{}",
    "<noembed><p title='</noembed>{}'>",
    "<table><tr><td><a><table>{}",
    "<![CDATA[><p>{}]]>",
    "<!--><p>{}-->",
    "<?xml >{}?>",
    "<a href='https://x.test/\">{}'>x</a>",
    "<p class='\"><p>{}'>",
)
"""Where a browser reads on in other ways than an allow-list that reads but once would think."""
PAYLOADS = (
    "<img src=x onerror=alert(1)>",
    "<p onclick=alert(1)>x</p>",
    "<a href='https://x.test/' onmouseover=alert(1) style='position:fixed' id=app name=body>x</a>",
    "<span onpointerenter=alert(1) tabindex=1 autofocus onfocus=alert(1)>x</span>",
    "<script>alert(1)</script>",
    "<a href='java&#10;script:alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<svg><animate onbegin=alert(1)>",
    "<math><maction actiontype=statusline xlink:href='javascript:alert(1)'>x",
    "<img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
)
HARMLESS = {
    *("p", "br", "span", "a", "del", "s", "pre", "blockquote", "code", "b", "strong", "u", "i", "em"),
    *("ul", "ol", "li", "ruby", "rt", "rp", "html", "head", "body"),
}
NOT_FOLLOWED = ("javascript", "vbscript", "data", "blob", "file", "about", "view-source")


@pytest.mark.parametrize("wrapped", WRAPPED)
def test_s_080_no_foreign_markup_comes_through(wrapped: str) -> None:
    for payload in PAYLOADS:
        cleaned = clean(wrapped.format(payload))
        assert_harmless(cleaned)
        assert clean(cleaned) == cleaned, "what is read twice must not become something else"


def test_s_080_what_the_lists_allow_runs_nothing() -> None:
    assert {*TAGS} <= HARMLESS, "a tag that this file does not know: think of what it lets in"
    assert SCHEMES.isdisjoint(NOT_FOLLOWED)


def assert_harmless(html: str) -> None:
    """Read HTML as browsers do, and find nothing in it but tags, attributes and schemes that run nothing."""
    for node in LexborHTMLParser(f"<!doctype html><body>{html}").css("*"):
        assert node.tag in HARMLESS
        assert set(node.attributes) <= ALLOWED
        scheme = re.sub(r"[\x00-\x20]", "", node.attributes.get("href") or "http:").partition(":")[0].lower()
        assert scheme in SCHEMES
        assert scheme not in NOT_FOLLOWED


PIECES = st.sampled_from(
    [
        *(
            "<p>",
            "</p>",
            "<b>",
            "</b>",
            "<blockquote>",
            "</blockquote>",
            "<ul>",
            "<li>",
            "</ul>",
            "<br>",
            "<h1>",
            "</h2>",
        ),
        *("<a href='https://x.test/'>", '<a href="javascript:x">', "</a>", "<math>", "</math>", "<semantics>"),
        *(
            '<annotation encoding="application/x-tex">',
            '<annotation encoding="text/plain">',
            "<annotation encoding=>",
            "<math display=block",
            "</annotation>",
            "<svg>",
            "<style>",
            "</style>",
            "<script>",
            "<!--",
        ),
        *(
            "-->",
            "<![CDATA[",
            "]]>",
            "<table>",
            "<td>",
            "<select>",
            "<template>",
            "<",
            ">",
            '"',
            "'",
            "&lt;",
            "&#x0;",
            "\0",
        ),
        *('<span class="invisible">', "</span>", "<plaintext>", "<textarea>", "text", "\ud800", "\u202e"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES | st.text(max_size=3), max_size=120))
def test_s_070_anything_comes_out_harmless_and_stays_so(pieces: list[str]) -> None:
    cleaned = clean("".join(pieces))
    assert_harmless(cleaned)
    assert_harmless(clean(cleaned))
    to_text(cleaned)


DEAR = {
    "nested": "<blockquote>" * 40_000,
    "unclosed formatting": "<p><b><i><em>" * 8_000,
    "bare angles": "<" * 200_000,
    "open quotes": "<a \"'" * 25_000,
    "quotes in tags": '<a "' + '<a" "' * 20_000,
    "open attribute": '<a href="' * 12_000,
    "comments": "<!--" * 25_000,
    "formulas": "<math>" * 16_000 + "</math>",
    "annotations": "<math>" + "<annotation " * 8_000 + "</math>",
    "formatting reopened": "".join(f'<b class="u-{i}">' for i in range(60)) + "<p>x" * 4_900,
    "links that might hold one": '<a href="https://x/"><b>' * 2_400,
    "hidden links": '<a href="https://x/"><span class="invisible">' * 2_400,
}


@pytest.mark.parametrize("kind", DEAR)
def test_s_071_no_input_is_dear(kind: str) -> None:
    started = time.process_time()
    cleaned = clean(DEAR[kind])
    to_text(DEAR[kind])
    assert time.process_time() - started < 0.5  # a quadratic reader takes many seconds
    assert len(cleaned) <= 600_000


def test_many_tags_keep_their_shape() -> None:
    honest = "<p>" + "word <em>word</em><br>" * 100 + '</p><ul><li>a<ul><li>b</li></ul></li><li lang="fr">c</li></ul>'
    assert clean(honest) == honest


def test_left_open_tags_end_where_the_next_begins() -> None:
    assert clean("<p>a" * 70) == "<p>a</p>" * 70
    assert clean("<ul>" + "<li>a" * 70) == "<ul>" + "<li>a</li>" * 70 + "</ul>"


def test_depth_is_bounded_and_nothing_is_lost() -> None:
    cleaned = clean("<blockquote>" * 500 + "deep" + "</blockquote>" * 500)
    assert cleaned.count("<blockquote>") == 64
    assert "deep" in cleaned


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one<br/>two</p><p>three &amp; four</p>", "one\ntwo\n\nthree & four"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("1 &lt; 2", "1 < 2"),
    ],
)
def test_text_of_html(html: str, text: str) -> None:
    assert to_text(html) == text


PARAGRAPHS = st.lists(st.text("ab é\n\t\u200d\x01\U0001f600&<>\r\xa0'\"", max_size=5), min_size=1, max_size=3).map(
    lambda texts: "".join(f"<p>{text}</p>" for text in texts)
)


@given(PARAGRAPHS | PARAGRAPHS.map(lambda html: html.replace(" ", "<br>")))
def test_plain_paragraphs_are_what_the_sanitiser_makes_of_them(html: str) -> None:
    assert f"<b>x</b>{clean(html)}" == clean(f"<b>x</b>{html}"), "behind a tag that is not plain it goes all the way"
    assert to_text(html) == to_text(f"<b></b>{html}")
