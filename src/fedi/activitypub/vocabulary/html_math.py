"""MathML as the text that its author gave for readers without it (FEP-dc88). Linear in the length of its input."""

import re

_START = re.compile(r"<math(?=[\s>])([^<>]*)>", re.IGNORECASE)
_END = re.compile(r"</math\s*>", re.IGNORECASE)
_ANNOTATION = re.compile(r"<annotation\s([^<>]*)>([^<>]*)</annotation\s*>", re.IGNORECASE)
_ENCODING = re.compile(r"encoding\s*=\s*[\"']?([\w/+.-]+)", re.IGNORECASE)
_BLOCK = re.compile(r"display\s*=\s*[\"']?block", re.IGNORECASE)


def as_text(html: str) -> str:
    """Return HTML in which each formula that has an annotation is that annotation: TeX in dollars, or plain text."""
    if "<math" not in html.lower():
        return html
    parts: list[str] = []
    position = 0
    for start in _START.finditer(html):
        if start.start() < position:
            continue
        end = _END.search(html, start.end())
        if end is None:
            break
        formula = html[start.end() : end.start()]
        text = _annotation(formula, block=_BLOCK.search(start[1]) is not None)
        parts += (html[position : start.start()], text or formula)
        position = end.end()
    return "".join((*parts, html[position:]))


def _annotation(formula: str, *, block: bool) -> str:
    found: dict[str, str] = {}
    for annotation in _ANNOTATION.finditer(formula):
        if encoding := _ENCODING.search(annotation[1]):
            found.setdefault(encoding[1].lower(), annotation[2])
    if tex := found.get("application/x-tex"):
        dollars = "$$" if block else "$"
        return f"{dollars}{tex}{dollars}"
    return found.get("text/plain", "")
