"""How letters are written: a template each, whose first line is the subject; text and HTML say the same.

In the HTML form a paragraph that is one of our own addresses becomes a link; nothing else does.
"""

from functools import cache
from pathlib import Path

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from fedi.site import Site

FOLDER = Path(__file__).parent / "letters"


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What a mail says."""

    subject: str
    text: str
    html: str


def write(name: str, site: Site, values: dict[str, str]) -> Letter:
    """Write a letter. Every value stands on one line; see `services.mailer.letter_values`."""
    rendered = _environment(escape=False).get_template(f"{name}.txt").render(site=site, **values)
    subject, _, body = rendered.partition("\n")
    paragraphs = [" ".join(part.split()) for part in body.split("\n\n") if part.strip()]
    shown = [(part, part.startswith(site.base_url) and " " not in part) for part in paragraphs]
    html = _environment(escape=True).get_template("layout.html").render(site=site, subject=subject, paragraphs=shown)
    text = "\n\n".join([*paragraphs, f"-- \n{site.domain}"]) + "\n"
    return Letter(subject=subject.strip(), text=text, html=html)


@cache
def _environment(*, escape: bool) -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
