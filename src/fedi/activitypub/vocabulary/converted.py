"""What is no note, shown as one: title, summary, when and where, and a link, as Mastodon shows Articles and Videos.

Where there is no summary, what the thing itself says takes its place if it is short, and else how it begins.
"""

import re
from datetime import datetime
from html import escape
from typing import Any

from fedi.activitypub.vocabulary import html, media, values
from fedi.activitypub.vocabulary.links import shortened
from fedi.activitypub.vocabulary.values import Document

MAX_LEAD = 500
"""Characters of a text without a summary that are shown."""
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")
_DIVISION = re.compile(r"<(/?)div(?=[\s>])[^<>]*>")
_MAX_PLACE = 200
_MAX_QUOTATION = 5_000


def converted(document: Document, title: str, summary: str, content: str, url: str) -> str:
    """Return the HTML of an Article, a Page, a Video and the like; `content` and `summary` are its own HTML."""
    told = html.to_text(summary)
    lead = _paragraph(summary) if told and told != title else _lead(content)
    links = dict.fromkeys((*_shared(document), url))
    return "".join((heading(title), lead, _when_and_where(document), *(f"<p>{shortened(link)}</p>" for link in links)))


def titled(title: str, content: str) -> str:
    """Return the HTML of a note that has a title, as forums write them, unless it begins with it."""
    if not title or html.to_text(content).startswith(title):
        return content
    return heading(title) + content


def quotation(document: Document, content: str) -> str:
    """Return the HTML of a BookWyrm Quotation: what was quoted, and what was said about it."""
    quoted = values.text(document.get("quote"), _MAX_QUOTATION)
    return f"<blockquote>{quoted}</blockquote>{content}" if quoted else content


def heading(title: str) -> str:
    """Return a title as a paragraph of its own, or ""."""
    return f"<p><strong>{escape(title, quote=False)}</strong></p>" if title else ""


def _lead(content: str) -> str:
    text = html.to_text(content)
    if len(text) <= MAX_LEAD:
        return _paragraph(content) if text else ""
    beginning = text[:MAX_LEAD].rpartition(" ")[0] or text[:MAX_LEAD]
    parts = _PARAGRAPHS.split(escape(beginning.strip(), quote=False))
    return "<p>" + "</p><p>".join(part.replace("\n", "<br>") for part in parts) + "…</p>"


def _paragraph(text: str) -> str:
    """Hubzilla's paragraphs are divisions, which would be lost, and a paragraph around them would be an empty one."""
    text = _DIVISION.sub(r"<\1p>", text)
    return text if "<p" in text else f"<p>{text.strip()}</p>"


def _shared(document: Document) -> list[str]:
    """The page that a Page of Lemmy's shares stands among its attachments."""
    attached = (each for each in values.objects(document.get("attachment")) if "Link" in values.types(each))
    return [href for each in attached if not media.is_picture(each) and (href := values.uri(each.get("href")))][:1]


def _when_and_where(document: Document) -> str:
    """An Event without its time and place would be of little use."""
    begin, end = (_moment(document.get(name)) for name in ("startTime", "endTime"))
    if not begin:
        return ""
    lines = [f"{begin} – {end}" if end else begin, _place(values.first(document.get("location")))]
    return f"<p>{'<br>'.join(escape(line, quote=False) for line in lines if line)}</p>"


def _moment(value: object) -> str:
    if values.moment(value) is None or not isinstance(value, str):
        return ""
    told = datetime.fromisoformat(value.strip().upper())
    return told.strftime("%Y-%m-%d %H:%M") + (f" {told.tzname()}" if told.tzinfo else "")


def _place(location: Any) -> str:
    if not isinstance(location, dict):
        return values.plain(location, _MAX_PLACE)
    address = values.first(location.get("address"))
    parts = [location.get("name")]
    if isinstance(address, dict):
        parts += [address.get(name) for name in ("streetAddress", "postalCode", "addressLocality", "addressCountry")]
    else:
        parts.append(address)
    told = dict.fromkeys(part for value in parts if (part := values.plain(value, _MAX_PLACE)))
    return ", ".join(told)
