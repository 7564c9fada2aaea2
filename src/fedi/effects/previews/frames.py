"""Frames in which films of other sites play. Whatever HTML a site offers, the frame is of our own making (S-077)."""

from html import escape

from selectolax.lexbor import LexborHTMLParser

from fedi.activitypub.vocabulary import uris
from fedi.effects.previews import words

MAX_HTML = 20_000
MAX_ADDRESS = 1_500
SANDBOX = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-forms"


def first_frame(html: object, page: str, own_host: str) -> str:
    """Return the first frame in some HTML, made anew; "" if there is none that may be shown."""
    if not isinstance(html, str) or len(html) > MAX_HTML:
        return ""
    node = LexborHTMLParser(html).css_first("iframe")
    if node is None:
        return ""
    said = node.attributes
    return frame(
        words.address(said.get("src"), page),
        words.pixels(said.get("width")),
        words.pixels(said.get("height")),
        own_host,
    )


def frame(address: str, width: int, height: int, own_host: str) -> str:
    """Return a frame that shows what is at an https address; "" for any other.

    Ours is refused as well: what may run scripts as its own origin must have another origin than we.
    """
    try:
        target = uris.parse(address, fragment=True)
    except uris.InvalidUriError:
        return ""
    if target.scheme != "https" or target.authority == own_host or len(target.text) > MAX_ADDRESS:
        return ""
    size = "".join(f' {name}="{value}"' for name, value in (("width", width), ("height", height)) if value)
    return (
        f'<iframe src="{escape(target.text)}"{size} allowfullscreen="true" frameborder="0" scrolling="no" '
        f'sandbox="{SANDBOX}"></iframe>'
    )
