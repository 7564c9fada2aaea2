"""Links in the table of a profile that can be shown to belong to whom they are of (Mastodon's rel="me"). Pure."""

import html
import re
from collections.abc import Iterable

from fedi.descriptions import Field

MOST = 8
"""Links of one profile that are looked at."""
MAX_URL = 2_048
_ONLY_LINK = re.compile(
    r"""\s*(?:<p>\s*)?<a\s[^>]*?\bhref\s*=\s*(["'])(?P<url>https?://.+?)\1[^>]*>.*?</a>(?:\s*</p>)?\s*""", re.DOTALL
)


def links_of(fields: Iterable[Field]) -> tuple[str, ...]:
    """Return the addresses of those fields that are a link and nothing else, each once."""
    found = (link_in(field) for field in fields)
    return tuple(dict.fromkeys(url for url in found if url))[:MOST]


def link_in(field: Field) -> str:
    """Return the address of a field that is a link and nothing else; "" for any other."""
    match = _ONLY_LINK.fullmatch(field.value) if len(field.value) <= 2 * MAX_URL else None
    url = html.unescape(match["url"]) if match is not None and field.value.count("<a ") == 1 else ""
    return url if len(url) <= MAX_URL else ""
