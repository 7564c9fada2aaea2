"""Strangers' HTML made harmless: Mastodon's allow-list, at a bounded cost.

The sanitiser is quadratic on deep nesting (480 KB of it took 5.8 s), so size and depth are limited before it sees
anything. What it puts out is canonical (quoted attributes, no bare < or >): only that is ever edited afterwards.
Pure; never raises, whatever the text. Changing what comes out makes the views that keep it new versions.
"""

import re
from html import escape, unescape

import nh3

from fedi.activitypub.vocabulary import html_math, html_shape
from fedi.activitypub.vocabulary.links import REL

MAX_BYTES = 100_000
TAGS = frozenset(
    {
        *("p", "br", "span", "a", "del", "s", "pre", "blockquote", "code", "b", "strong", "u", "i", "em"),
        *("ul", "ol", "li", "ruby", "rt", "rp"),
    }
)
SCHEMES = frozenset(
    {"http", "https", "dat", "dweb", "ipfs", "ipns", "ssb", "gopher", "xmpp", "magnet", "gemini"},
)
_ATTRIBUTES = {
    "*": {"lang"},
    "a": {"href", "class"},
    "span": {"class"},
    "p": {"class"},
    "ol": {"start", "reversed"},
    "li": {"value"},
}
_CLASS = re.compile(r"(?:h|p|u|dt|e)-[\w-]{1,64}|mention|hashtag|ellipsis|invisible|quote-inline")
_LANGUAGE = re.compile(r"[A-Za-z0-9-]{1,35}")
_INTEGER = re.compile(r"-?\d{1,6}")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_HEADING = re.compile(r"<h[1-6](?=[\s/>])[^<>]*>|</h[1-6]\s*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_END_OF_LOST_BLOCK = re.compile(
    r"(</(?:div|section|article|aside|header|footer|figure|figcaption|address|dt|dd|tr|td|th)\s*>)(?=[^\s])",
    re.IGNORECASE,
)
_LINK = re.compile(r"<a ([^>]*)>(.*?)</a>", re.DOTALL)
# Only what is not kept, such as a table, lets a link stand in another: read once more, they stand one after the other.
_LINK_IN_LINK = re.compile(r"<a [^>]*>[^<]*(?:<(?!a |/a>)[^<]*)*<a ")
_HREF = re.compile(r'href="([^"]*)"')
_CLASSES = re.compile(r' class="([^"]*)"')
_HIDING = frozenset({"ellipsis", "invisible"})
_PLAIN = re.compile("(?:<p>[^<>&\r\xa0]*(?:<br>[^<>&\r\xa0]*)*</p>)+")
"""Nothing but paragraphs, as the sanitiser would put them out: most short posts."""
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_BLOCK_END = re.compile(r"</(?:p|blockquote|pre|ul|ol|h[1-6]|div)\s*>", re.IGNORECASE)
_ITEM_END = re.compile(r"</li\s*>", re.IGNORECASE)


def clean(html: str) -> str:
    """Return HTML that may be shown as it is.

    Input over 100 KB is cut; nesting deeper than 64 levels is flattened; a text with more tags than any honest post has
    comes back as plain text. Words of blocks that are not kept stay apart.

    Links get rel="nofollow noopener" and target="_blank"; one whose scheme is not allowed
    becomes its text.
    """
    html = _cut(_UNSTORABLE.sub("", html))
    if "<" not in html and "&" not in html:
        return escape(html, quote=False)
    if _PLAIN.fullmatch(html) and html.count("<") <= html_shape.MAX_DEPTH:
        return html
    html = _END_OF_LOST_BLOCK.sub(r"\1 ", _HEADING.sub(_as_strong, html_math.as_text(html)))
    if html.count("<") > html_shape.MAX_DEPTH:
        shaped = html_shape.levelled(html, TAGS)
        if shaped is None:
            return f"<p>{escape(to_text(html), quote=False)}</p>"
        html = shaped
    cleaned = _CLEANER.clean(html)
    if _LINK_IN_LINK.search(cleaned):
        cleaned = _CLEANER.clean(cleaned)
    return _honest_links(cleaned)


def to_text(html: str) -> str:
    """Return the text of HTML, with a line break for each `<br>` and list item and an empty line between blocks."""
    html = _cut(html)
    if _PLAIN.fullmatch(html):
        return html.replace("<br>", "\n").replace("</p>", "\n\n").replace("<p>", "").strip()
    html = _BREAK.sub("\n", html)
    html = _BLOCK_END.sub("\n\n", _ITEM_END.sub("\n", html))
    return unescape(_TAG.sub("", html)).strip()


def _cut(html: str) -> str:
    if len(html) * 4 <= MAX_BYTES:
        return html
    return html.encode("utf-8", "ignore")[:MAX_BYTES].decode("utf-8", "ignore")


def _as_strong(match: re.Match[str]) -> str:
    return "</strong></p>" if match[0].startswith("</") else "<p><strong>"


def _kept(tag: str, attribute: str, value: str) -> str | None:
    """What the sanitiser asks about each attribute that the lists allow."""
    if attribute == "class":
        return " ".join(filter(_CLASS.fullmatch, value.split())) or None
    if attribute == "lang":
        return value if _LANGUAGE.fullmatch(value) else None
    if attribute in ("start", "value"):
        return value if _INTEGER.fullmatch(value) else None
    return "" if attribute == "reversed" else value


_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    attributes=_ATTRIBUTES,
    attribute_filter=_kept,
    tag_attribute_values={"a": {"translate": {"no"}}, "span": {"translate": {"no"}}},
    set_tag_attribute_values={"a": {"target": "_blank"}},
    clean_content_tags={"script", "style"},
    link_rel=REL,
    url_schemes=set(SCHEMES),
    url_relative="deny",
)


def _honest_links(html: str) -> str:
    """Unwrap links that lead nowhere, and let text be hidden only in a link that in all says its whole address.

    Else `<a href="https://evil.test"><span class="invisible">…</span>good.test</a>` would show another address than it
    opens (S-079, S-083).
    """
    if "<a " not in html:
        return _unhidden(html)
    parts: list[str] = []
    end = 0
    for link in _LINK.finditer(html):
        parts.append(_unhidden(html[end : link.start()]))
        href, text = _HREF.search(link[1]), _TAG.sub("", link[2])
        if href is None:
            parts.append(text)
        elif href[1] == text:
            parts.append(link[0])
        else:
            parts.append(_unhidden(link[0]))
        end = link.end()
    parts.append(_unhidden(html[end:]))
    return "".join(parts)


def _unhidden(html: str) -> str:
    """Return HTML none of which is hidden, whatever other classes it has."""
    return _CLASSES.sub(_shown, html) if "ellipsis" in html or "invisible" in html else html


def _shown(match: re.Match[str]) -> str:
    kept = " ".join(each for each in match[1].split() if each not in _HIDING)
    return f' class="{kept}"' if kept else ""
