"""Strangers' pages parsed for a few kinds of elements, at a cost that grows with their length and no faster.

A megabyte of `<div>` took the parser a minute, and as long a tag of a hundred thousand attributes: it compares each tag
with all that are open, and each attribute with all before it. So what nobody looks for becomes text before it is
parsed, and so do tags that no honest page has. What may stay nests in nothing: it is empty, or holds only text.
"""

import re
from typing import Literal

from selectolax.lexbor import LexborHTMLParser

Looked = Literal["a", "link", "meta", "title"]

_ALWAYS = ("html", "head", "body", "script", "style", "textarea")
"""What tells where text is no markup, and in which language a page is."""

# Spaces are HTML's, of which \v is none, and letters ASCII's: the Kelvin sign in "lin\u212a" is no k. Where the parser
# would begin a name or a tag otherwise than this does, it would find elements that this let through. Nothing is tried
# twice (the + after each repetition), and no tag is read far: a start in each of many bytes costs little.
_SPACE = r"[ \t\n\r\f]"
_VALUE = r"""(?:"[^"]{0,2000}+"|'[^']{0,2000}+'|[^ \t\n\r\f"'>][^ \t\n\r\f>]{0,2000}+)"""
_ATTRIBUTE = rf"[ \t\n\r\f/]*+[^ \t\n\r\f/>=][^ \t\n\r\f/>=]{{0,99}}+(?:{_SPACE}*+={_SPACE}*+{_VALUE})?+"
_REST = rf"(?=[ \t\n\r\f/>])(?:{_ATTRIBUTE}){{0,40}}+[ \t\n\r\f/]*+>"


def parse(html: str, *elements: Looked) -> LexborHTMLParser:
    """Return a page in which only some kinds of elements are left.

    The text of scripts in it is that of the page but for `<` before a letter, which stands there as `&lt;`.
    """
    kept = "|".join((*_ALWAYS, *elements))
    other = re.compile(rf"<(?=/?[a-z])(?!/?(?:{kept}){_REST})", re.ASCII | re.IGNORECASE)
    return LexborHTMLParser(other.sub("&lt;", html))
