"""Links in HTML as Mastodon writes them: the whole address in the href, a readable part of it to see."""

import re
from html import escape

REL = "nofollow noopener"
SHOWN = 30
"""Characters of an address that stay visible."""
_PREFIX = re.compile(r"(?:https?://(?:www\.)?|xmpp:)?", re.IGNORECASE)


def shortened(url: str, rel: str = REL) -> str:
    """Return a link whose scheme and tail are in the text but not to be seen."""
    match = _PREFIX.match(url)
    prefix = match[0] if match else ""
    shown, rest = url[len(prefix) : len(prefix) + SHOWN], url[len(prefix) + SHOWN :]
    cut = ' class="ellipsis"' if rest else ""
    return (
        f'<a href="{escape(url)}" target="_blank" rel="{rel}"><span class="invisible">{escape(prefix)}</span>'
        f'<span{cut}>{escape(shown)}</span><span class="invisible">{escape(rest)}</span></a>'
    )
