"""Which page a post shares: its first link that is neither a mention, a hashtag nor what it quotes. Pure; never raises.

The rules are Mastodon's (FetchLinkCardService), told by the words as well, since not every server marks its links.
"""

import re
from collections.abc import Collection
from html import unescape
from itertools import islice

from fedi.activitypub.vocabulary import uris
from fedi.descriptions import Post

MOST = 20
"""Links of a post that are looked at."""
_LINK = re.compile(r"<a\s([^<>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(href|class|rel)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_QUOTED = re.compile(r"""class=["'][^"'<>]*quote-inline[^<>]*>[^<>]*$""")
_MARKED = frozenset({"u-url", "h-card", "mention", "hashtag"})
_NEAR = 300
"""Characters around a link that may tell what it is."""


def link_of(post: Post) -> str:
    """Return the address of the page that a post shares; "" if it shares none."""
    return shared_link(post.content, {post.quote, *(mention.uri for mention in post.mentions)})


def shared_link(content: str, besides: Collection[str] = ()) -> str:
    """Return the address of the page that HTML shares, in normal form and without fragment; "" if it shares none.

    `besides` are addresses that are no such pages: of people who are mentioned, and of what is quoted.
    """
    if "<a" not in content and "<A" not in content:
        return ""
    for link in islice(_LINK.finditer(content), MOST):
        said = {each[1].lower(): each[2] or each[3] or each[4] or "" for each in _ATTRIBUTE.finditer(link[1])}
        text = _TAG.sub("", content[link.end() : link.end() + _NEAR]).lstrip()
        before = content[max(0, link.start() - _NEAR) : link.start()]
        if _is_marked(said) or text[:1] in ("#", "@") or _QUOTED.search(before):
            continue
        address = _address(said.get("href", ""))
        if address and address not in besides:
            return address
    return ""


def _is_marked(said: dict[str, str]) -> bool:
    return not _MARKED.isdisjoint(said.get("class", "").split()) or "tag" in said.get("rel", "").split()


def _address(href: str) -> str:
    try:
        return uris.parse(unescape(href).strip(), fragment=True).document.text
    except uris.InvalidUriError:
        return ""
