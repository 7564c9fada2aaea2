"""Plain text and Markdown that strangers wrote, as HTML. What comes out is not clean yet: that is the views' business.

Markdown is CommonMark as a kept library reads it, with line breaks as they were typed, as PeerTube and Lemmy show it.
Handles and hashtags lead where the document's tags say. Bounded: the library is not linear on all that can be written.
"""

import re
from collections.abc import Mapping
from html import escape

from markdown_it import MarkdownIt
from markdown_it.token import Token

from fedi.activitypub.vocabulary import hashtags
from fedi.activitypub.vocabulary.links import shortened
from fedi.activitypub.vocabulary.text_entities import Entity, entities

MAX_MARKDOWN = 5_000
"""Characters; a longer text is read as plain. Twenty thousand brackets took 0.6 s."""
_MAX_LINKED = 20_000
_NEWLINE = re.compile(r"\r\n?")
_AFTER_BLOCK = re.compile(r"(<br />|</(?:p|li|ul|ol|pre|blockquote|h[1-6])>|<(?:li|ul|ol|blockquote)>)\n")
_PARAGRAPHS = re.compile(r"\n{2,}")

Places = Mapping[str, str]
"""Where handles (`@ada`, `@ada@host`) and hashtags (`#tag`) of a text lead, by their lower-case or normal form."""


def plain_to_html(text: str, places: Places) -> str:
    """Return a plain text as paragraphs, its addresses as links."""
    text = _NEWLINE.sub("\n", text).strip()
    parts = (part.replace("\n", "<br>") for part in _PARAGRAPHS.split(_linked(text, places)) if part)
    return "".join(f"<p>{part}</p>" for part in parts)


def to_html(text: str, places: Places) -> str:
    """Return Markdown as HTML. HTML in it is shown as it was typed; a picture becomes a link to it."""
    if len(text) > MAX_MARKDOWN:
        return plain_to_html(text, places)
    tokens = _READER.parse(text)
    for token in tokens:
        if token.children:
            token.children = _with_links(token.children, places)
    return _AFTER_BLOCK.sub(r"\1", _READER.renderer.render(tokens, _READER.options, {})).strip()


def _with_links(tokens: list[Token], places: Places) -> list[Token]:
    """Let addresses in what is no link yet be links."""
    found: list[Token] = []
    depth = 0
    for token in tokens:
        depth += token.nesting if token.type in ("link_open", "link_close") else 0
        if token.type == "text" and depth == 0:
            found.append(Token("html_inline", "", 0, content=_linked(token.content, places)))
        else:
            found.append(token)
    return found


def _linked(text: str, places: Places) -> str:
    parts: list[str] = []
    position = 0
    for each in entities(text[:_MAX_LINKED]):
        parts += (escape(text[position : each.start], quote=False), _link(each, text, places))
        position = each.end
    return "".join((*parts, escape(text[position:], quote=False)))


def _link(entity: Entity, text: str, places: Places) -> str:
    if entity.kind == "url":
        return shortened(entity.value)
    written = escape(text[entity.start : entity.end], quote=False)
    if entity.kind == "mention":
        place = places.get(f"@{entity.value.lower()}")
        return f'<a href="{escape(place)}" class="u-url mention">{written}</a>' if place else written
    place = places.get(f"#{hashtags.normal(entity.value)}")
    return f'<a href="{escape(place)}" class="mention hashtag" rel="tag">{written}</a>' if place else written


_READER = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 20}).enable("strikethrough")
_READER.disable("image")
