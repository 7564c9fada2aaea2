"""Pages of strangers, made to be dear to read. Each takes half a second, or as many minutes."""

from time import perf_counter

import pytest

from fedi.effects import flat_html
from fedi.effects.jobs.verify import links_back
from fedi.effects.previews import page

LENGTH = 400_000
PIECES = (
    *("<div>", "<DIV\n>", "<div/>", "<b><div></b>", "<p><b><i><em>", "<a>", "<a><p>", "<nobr>", "<font><p>"),
    *("<table><a>", "<select><option>", "<svg>", "<math><mi>", "<template>", "<noscript>", "<lin\u212a>", "<ſcript>"),
    *("<meta\0>", "<a\v>", "<a b='", '<a b="', "<a ", "<a b='>' ", "<a =", f"<a b='{'<a c' * 700}'"),
    *("<a" + " " * 4_000, "<meta a=" + "b" * 3_999, "<html a>", "<body b>", "<head>", "<title>", "</title>"),
    *("<title></title>", "<script>", "<style>", "<textarea>", "<textarea></textarea>", "<!--", "&amp", "<"),
    *("<script type='application/ld+json'>[</script>", "<![CDATA[", "<!--<script>--><div>", "<meta name=a content=b>"),
    *("<link rel='me alternate' type=application/json+oembed href=x>", "<a rel=me href=x>"),
)  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_no_page_is_dear_to_look_at(piece: str) -> None:
    text = (piece * (LENGTH // len(piece) + 1))[:LENGTH]
    begun = perf_counter()
    page.read(text.encode(), "text/html", "https://evil.test/")
    links_back(text.encode(), {"https://here.example/@ada"})
    assert perf_counter() - begun < 2


@pytest.mark.parametrize("tag", ["html", "meta", "link", "a", "/title"])
@pytest.mark.parametrize("attribute", ["a{}", "a{}='>'", 'a{}="<a>"', "/a{}", "a{}=b"])
def test_no_tag_of_any_number_of_attributes_is_dear(tag: str, attribute: str) -> None:
    text = f"<{tag} {' '.join(attribute.format(number) for number in range(LENGTH // 16))}>"
    begun = perf_counter()
    page.read(text.encode(), "text/html", "https://evil.test/")
    links_back(text.encode(), set())
    assert perf_counter() - begun < 2


def test_no_name_of_an_encoding_is_dear_to_look_for() -> None:
    begun = perf_counter()
    page.read(b"<title>x</title>", f"text/html; charset={' ' * 30_000};", "https://evil.test/")
    page.read(b"charset=" * 256 + b" " * 2_000, f"text/html; {'charset= ' * 3_000}", "https://evil.test/")
    assert perf_counter() - begun < 1


def test_what_is_looked_for_is_found_among_all_else() -> None:
    html = (
        "<!doctype html><html lang=de><noscript><meta name=one content='a <b> c'></noscript><div>"
        "<p title='<link href=x>'><title>T &lt;i></title><script>if (a <b) '<meta name=two>'</script>"
        "<textarea><meta name=three></textarea></div>"
    )
    found = flat_html.parse(html, "meta", "title")
    assert [node.attributes for node in found.css("meta")] == [{"name": "one", "content": "a <b> c"}]
    title, root = found.css_first("title"), found.css_first("html")
    assert title is not None
    assert root is not None
    assert (title.text(), root.attributes) == ("T <i>", {"lang": "de"})
    assert found.css("div, p, i, b, link") == []


def test_markup_in_json_ld_is_read_as_it_stands() -> None:
    html = '<div><script type="application/ld+json">{"@type": "Article", "headline": "1 <b 2 </p>"}</script>'
    assert page.read(html.encode(), "text/html", "https://news.example/").title == "1 <b 2 </p>"
