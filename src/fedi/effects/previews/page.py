"""What a page says of itself in its head: Open Graph, JSON-LD, plain HTML. Pure; never raises, whatever the bytes."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime

import msgspec
from selectolax.lexbor import LexborHTMLParser

from fedi.effects import flat_html
from fedi.effects.previews import json_ld, words
from fedi.effects.previews.json_ld import Described

SCRIPTS = 5
"""Pieces of JSON-LD that are read."""
_CHARSET = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w-]{1,40})", re.IGNORECASE)
_KNOWN_CHARSET = re.compile(
    r"(utf-?8|utf-?16\w*|iso-?8859-?\d+|latin-?1|windows-?\d+|cp\d+|shift[_-]?jis|euc[_-]\w+|gb\w+|big5|koi8-?\w)",
    re.IGNORECASE,
)
_DECLARED = 2_048
"""Bytes in which a page says how it is encoded."""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A page's own words; addresses are whole, sizes pixels. `creator` is a handle, as the page names it."""

    title: str
    description: str
    language: str
    author_name: str
    author_url: str
    provider_name: str
    published_at: datetime | None
    image: str
    image_description: str
    player: str
    player_width: int
    player_height: int
    oembed: str
    creator: str


def read(data: bytes, content_type: str, url: str) -> Page:
    """Return what a page at an address says of itself."""
    tree = flat_html.parse(_decoded(data, content_type), "meta", "link", "title")
    meta = _meta(tree)
    article = _article(tree)

    def first(*values: object) -> object:
        return next((value for value in values if isinstance(value, str) and value.strip()), "")

    title = tree.css_first("title")
    root = tree.css_first("html")
    return Page(
        title=words.short(first(article.title, meta("og:title"), title.text() if title else ""), words.TITLE),
        description=words.short(
            first(article.description, meta("og:description"), meta("description")), words.DESCRIPTION
        ),
        language=words.language(article.language)
        or words.language(meta("og:locale"))
        or words.language(root.attributes.get("lang") if root else ""),
        author_name=words.short(first(article.author_name, meta("og:author"), meta("author")), words.NAME),
        author_url=words.address(article.author_url, url),
        provider_name=words.short(first(meta("og:site_name"), article.publisher), words.NAME),
        published_at=words.moment(article.published) or words.moment(meta("article:published_time")),
        image=words.address(
            first(meta("og:image:secure_url"), meta("og:image"), article.image, meta("twitter:image")), url
        ),
        image_description=words.short(first(meta("og:image:alt"), meta("twitter:image:alt")), words.DESCRIPTION),
        player=words.address(meta("twitter:player"), url),
        player_width=words.pixels(meta("twitter:player:width")),
        player_height=words.pixels(meta("twitter:player:height")),
        oembed=words.address(_oembed(tree), url),
        creator=words.short(meta("fediverse:creator"), words.NAME).removeprefix("@"),
    )


def _meta(tree: LexborHTMLParser) -> Callable[[str], str]:
    said: dict[str, str] = {}
    for node in tree.css("meta"):
        name = node.attributes.get("property") or node.attributes.get("name")
        content = node.attributes.get("content")
        if name and content:
            said.setdefault(name.strip().lower(), content)
    return lambda name: said.get(name, "")


def _article(tree: LexborHTMLParser) -> Described:
    def found() -> Iterator[Described]:
        for script in tree.css('script[type="application/ld+json"]')[:SCRIPTS]:
            described = json_ld.read(script.text().replace("&lt;", "<"))
            if described is not None:
                yield described

    return next(found(), Described())


def _oembed(tree: LexborHTMLParser) -> str:
    link = tree.css_first('link[rel~="alternate"][type="application/json+oembed"]')
    return (link.attributes.get("href") or "") if link else ""


def _decoded(data: bytes, content_type: str) -> str:
    """Return a page's text: as its bytes, its header or it itself says that it is encoded, and else in UTF-8."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    declared = _CHARSET.search(content_type) or _CHARSET.search(data[:_DECLARED].decode("ascii", "replace"))
    charset = declared[1] if declared and _KNOWN_CHARSET.fullmatch(declared[1]) else "utf-8"
    try:
        return data.decode(charset, "replace")
    except LookupError:
        return data.decode("utf-8", "replace")
