"""HTML of any shape made into a tree of bounded depth, before a real parser sees it.

Only what is large enough to be a danger comes here. This is no sanitiser: it lets through what it does not know how to
read as text, and the sanitiser comes after it. Linear in the length of its input. Pure.
"""

import re
from collections.abc import Collection
from html import escape, unescape

MAX_DEPTH = 64
MAX_TAGS = 5_000

# No alternative can run past the next "<" (but for a comment, which always matches): so no input is read twice.
_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9]*)(?P<rest>(?:\"[^\"<]*\"|'[^'<]*'|[^\"'<>])*)>"
    r"|<[!?/][^<>]*>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([A-Za-z]+)\s*(?:=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=<>`]+)))?")
_ATTRIBUTES = frozenset({"href", "class", "lang", "translate", "start", "reversed", "value"})
_SILENT = frozenset({"script", "style"})
_VOID = frozenset({"br"})
_BLOCKS = frozenset({"p", "blockquote", "pre", "ul", "ol"})


def levelled(html: str, tags: Collection[str]) -> str | None:
    """Return well-formed HTML of the given tags, nested at most 64 deep; None if it has more tags than any post needs.

    Tags beyond the depth go and leave their content; a `p`, `li` or `a` that is left open ends where the next begins.
    """
    out: list[str] = []
    open_tags: list[str] = []
    position = 0
    silent = ""
    for count, token in enumerate(_TOKEN.finditer(html)):
        if not silent:
            out.append(_text(html[position : token.start()]))
        position = token.end()
        if count == MAX_TAGS:
            return None
        name = (token["name"] or "").lower()
        if silent or name in _SILENT:
            silent = _silence(silent, name, ending=bool(token["end"]))
        elif name in tags:
            _place(out, open_tags, name, token)
    if not silent:
        out.append(_text(html[position:]))
    _close(out, open_tags, 0)
    return "".join(out)


def _silence(silent: str, name: str, *, ending: bool) -> str:
    if silent:
        return "" if ending and name == silent else silent
    return "" if ending else name


def _place(out: list[str], open_tags: list[str], name: str, token: re.Match[str]) -> None:
    if name in _VOID:
        out.append(f"<{name}>")
    elif token["end"]:
        if name in open_tags:
            _close(out, open_tags, len(open_tags) - 1 - open_tags[::-1].index(name))
    else:
        _close(out, open_tags, _ended_by(open_tags, name))
        if len(open_tags) < MAX_DEPTH:
            out.append(f"<{name}{_attributes(token['rest'])}>")
            open_tags.append(name)


def _ended_by(open_tags: list[str], name: str) -> int:
    """Return how many open tags stay open when another begins."""
    ends = "p" if name in _BLOCKS else name if name in ("a", "li") else ""
    if ends in open_tags:
        last = len(open_tags) - 1 - open_tags[::-1].index(ends)
        if name != "li" or not {"ul", "ol"}.intersection(open_tags[last:]):
            return last
    return len(open_tags)


def _close(out: list[str], open_tags: list[str], depth: int) -> None:
    while len(open_tags) > depth:
        out.append(f"</{open_tags.pop()}>")


def _attributes(rest: str) -> str:
    kept: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(rest):
        name = match[1].lower()
        if name in _ATTRIBUTES and name not in kept:
            kept[name] = unescape(match[2] or match[3] or match[4] or "")
    return "".join(f' {name}="{escape(value)}"' for name, value in kept.items())


def _text(text: str) -> str:
    return text.replace("<", "&lt;")
