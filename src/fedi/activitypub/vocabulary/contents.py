"""What a post says: HTML, or plain text or Markdown made into it, and the language that it is in."""

import re

from fedi.activitypub.vocabulary import hashtags, markdown, tags, values
from fedi.activitypub.vocabulary.values import Document

MAX_CONTENT = 100_000
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,4}")
_UNDETERMINED = frozenset({"und", "zxx", "mul"})
_MAPS = ("contentMap", "nameMap", "summaryMap")
_MARKDOWN = frozenset({"text/markdown", "text/x-markdown"})


def read(document: Document) -> str:
    """Return the HTML of a post: of its `content`, or of its `source` where only that is there."""
    content = values.natural(document, "content", MAX_CONTENT)
    if content:
        return _as_html(content, document.get("mediaType"), document)
    source = values.first(document.get("source"))
    if isinstance(source, dict):
        written = values.natural(source, "content", MAX_CONTENT)
        return _as_html(written, source.get("mediaType") or "text/plain", document)
    return _as_html(values.text(source, MAX_CONTENT), "text/plain", document)


def language(document: Document) -> str:
    """Return the language: the first of `contentMap`, as Mastodon takes it, or what PeerTube, Lemmy, Mobilizon say."""
    maps = [found for name in _MAPS if isinstance(found := document.get(name), dict) and found]
    if maps:
        told = [key for found in maps for key, value in found.items() if value]
        return _known(told[0] if told else next(iter(maps[0])))
    stated = document.get("language") or document.get("inLanguage")
    return _known(stated.get("identifier") if isinstance(stated, dict) else stated)


def _as_html(written: str, media_type: object, document: Document) -> str:
    """Anything that is not said to be plain text or a dialect of it is HTML: most servers do not say."""
    kind = media_type.partition(";")[0].strip().lower() if isinstance(media_type, str) else ""
    if not written or not kind.startswith("text/") or kind == "text/html":
        return written
    made = markdown.to_html if kind in _MARKDOWN else markdown.plain_to_html
    return made(written, _places(document))


def _places(document: Document) -> dict[str, str]:
    """Return where the handles and hashtags of a text lead: a handle without its host too, where it is but one."""
    found: dict[str, str] = {}
    for mention in tags.mentions(document.get("tag")):
        handle = "@" + mention.name.lower().lstrip("@")
        found[handle] = mention.uri
        found.setdefault(f"@{handle.split('@')[1]}", mention.uri)
    for name, href in tags.hashtag_pages(document.get("tag")):
        found[f"#{hashtags.normal(name)}"] = href
    return found


def _known(value: object) -> str:
    known = isinstance(value, str) and _LANGUAGE.fullmatch(value) and value.lower() not in _UNDETERMINED
    return str(value) if known else ""
