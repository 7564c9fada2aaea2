"""Redirect URIs of OAuth clients: what may be registered, and how an answer is put into one.

A request must name a registered URI exactly (RFC 9700 §2.1); so whatever could be dangerous is refused once, here.
"""

import re
from urllib.parse import urlencode, urlsplit

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
"""Asks for the code to be shown, so that a person carries it over."""
LENGTH = 2000

_FORM = re.compile(r"[a-z][a-z0-9+.-]*:[\x21\x24-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]+", re.IGNORECASE)
_EXECUTED = {"about", "blob", "data", "file", "filesystem", "javascript", "vbscript", "view-source"}
"""Schemes that a browser runs or reads instead of handing them to an app."""


def is_acceptable(uri: str) -> bool:
    """Tell whether an app may register this URI: absolute, without fragment, user or spaces, of a harmless scheme."""
    if uri == OUT_OF_BAND:
        return True
    if len(uri) > LENGTH or not _FORM.fullmatch(uri):
        return False
    try:
        parts = urlsplit(uri)
    except ValueError:
        return False
    if parts.scheme in _EXECUTED or "@" in parts.netloc:
        return False
    return parts.scheme not in {"http", "https"} or bool(parts.hostname)


def with_answer(uri: str, answer: dict[str, str | None]) -> str:
    """Return a redirect URI with the answer added to its query; what is None is left out, the rest stays untouched."""
    given = urlencode({name: value for name, value in answer.items() if value is not None})
    return f"{uri}{'&' if '?' in uri else '?'}{given}"
