"""Local plain text as HTML, written as Mastodon writes it; and what it mentions, and how long it counts.

A handle is `user` or `user@host`, with a port where the host has one, in lower case. Pure.
"""

import re
import unicodedata
from collections.abc import Mapping
from html import escape
from urllib.parse import quote

import msgspec

from fedi.activitypub.vocabulary import hashtags
from fedi.activitypub.vocabulary.links import REL, shortened
from fedi.activitypub.vocabulary.text_entities import Entity, entities
from fedi.site import Site

URL_LENGTH = 23
"""What any link counts, however long it is."""
_NEWLINE = re.compile(r"\r\n?")
_PARAGRAPHS = re.compile(r"\n{2,}")
_ZWJ = "\u200d"


class MentionTarget(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody that a handle stands for: actor URI, profile page, and name. `domain` is None for local accounts."""

    uri: str
    url: str
    username: str
    domain: str | None = None


def mentions_in(text: str) -> tuple[str, ...]:
    """Return the handles that a text mentions, once each."""
    return tuple(dict.fromkeys(each.value.lower() for each in entities(text) if each.kind == "mention"))


def hashtags_in(text: str) -> tuple[str, ...]:
    """Return the hashtags of a text as written, without #; of those with the same normal form the first."""
    found: dict[str, str] = {}
    for each in entities(text):
        if each.kind == "hashtag":
            found.setdefault(hashtags.normal(each.value), each.value)
    return tuple(found.values())


def render(
    text: str, mentions: Mapping[str, MentionTarget], site: Site, *, lines: bool = True, me: bool = False
) -> str:
    """Return a text as HTML: paragraphs and line breaks, links shortened, mentions and hashtags linked.

    A handle that is not among `mentions` stays text. `lines=False` is for a profile's fields; `me` says that the links
    lead to other homes of their author (rel="me").
    """
    text = _NEWLINE.sub("\n", text).strip()
    if not text:
        return ""
    rel = f"{REL} me" if me else REL
    parts: list[str] = []
    position = 0
    for each in entities(text):
        parts += (escape(text[position : each.start], quote=False), _link(each, mentions, site, rel))
        position = each.end
    parts.append(escape(text[position:], quote=False))
    html = "".join(parts)
    if not lines:
        return html.replace("\n", " ")
    return "".join("<p>" + part.replace("\n", "<br>") + "</p>" for part in _PARAGRAPHS.split(html))


def length(text: str) -> int:
    """Return how many characters a text counts: a link 23, a remote mention its name alone, an emoji one."""
    counted: list[str] = []
    position = 0
    for each in entities(text):
        counted.append(text[position : each.start])
        if each.kind == "url":
            counted.append("x" * URL_LENGTH)
        elif each.kind == "mention":
            counted.append("@" + each.value.partition("@")[0])
        else:
            counted.append(text[each.start : each.end])
        position = each.end
    counted.append(text[position:])
    return _characters("".join(counted))


def mention_html(target: MentionTarget, *, with_domain: bool = False) -> str:
    """Return the link to somebody mentioned, as every server of the network recognises it."""
    shown = f"{target.username}@{target.domain}" if with_domain and target.domain else target.username
    link = f'<a href="{escape(target.url)}" class="u-url mention">@<span>{escape(shown)}</span></a>'
    return f'<span class="h-card" translate="no">{link}</span>'


def hashtag_html(name: str, site: Site) -> str:
    """Return the link to a hashtag's page."""
    page = site.tag_page(quote(hashtags.normal(name)))
    return f'<a href="{escape(page)}" class="mention hashtag" rel="tag">#<span>{escape(name)}</span></a>'


def _link(entity: Entity, mentions: Mapping[str, MentionTarget], site: Site, rel: str) -> str:
    if entity.kind == "url":
        return shortened(entity.value, rel)
    if entity.kind == "hashtag":
        return hashtag_html(entity.value, site)
    target = mentions.get(entity.value.lower())
    if target is None:
        return f"@{escape(entity.value, quote=False)}"
    names = [other.username.lower() for other in {each.uri: each for each in mentions.values()}.values()]
    return mention_html(target, with_domain=names.count(target.username.lower()) > 1)


def _characters(text: str) -> int:
    """Count what a reader sees as one character: no marks, joined emoji and pairs of flag letters once (cf. UAX 29)."""
    if text.isascii():
        return len(text) - text.count("\r\n")
    count, previous, flag = 0, "", False
    for character in text:
        is_flag = "\U0001f1e6" <= character <= "\U0001f1ff"
        if flag and is_flag:
            flag = False
        else:
            count += not (_extends(character) or previous == _ZWJ or (previous, character) == ("\r", "\n"))
            flag = is_flag
        previous = character
    return count


def _extends(character: str) -> bool:
    joins = character == _ZWJ or "\U0001f3fb" <= character <= "\U0001f3ff" or "\U000e0020" <= character <= "\U000e007f"
    return joins or unicodedata.category(character)[0] == "M"
