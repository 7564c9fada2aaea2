"""What the staff writes: plain text or HTML, made into HTML that may be shown."""

import re
from html import escape

from fedi.activitypub.vocabulary import html

_PARAGRAPHS = re.compile(r"\n\s*\n")


def to_html(written: str) -> str:
    """Return HTML that may be shown as it is. Text without a tag becomes paragraphs, parted by empty lines."""
    text = written.strip()
    if not text or "<" in text:
        return html.clean(text)
    paragraphs = (escape(part.strip()).replace("\n", "<br>") for part in _PARAGRAPHS.split(text))
    return html.clean("".join(f"<p>{part}</p>" for part in paragraphs))
