"""Which domains a host belongs to: what is decided about a domain holds for all below it. Pure."""

import re
from functools import lru_cache

from fedi.activitypub.vocabulary import uris

MAX_LABELS = 10
"""Domains of more parts are met only by their whole name: a host with a hundred costs no more than others."""
_PORT = re.compile(r":[0-9]+$")


def authority_of(text: object) -> str:
    """Return host, and port where it is not the scheme's own, of a URI; "" for what is none."""
    try:
        return uris.parse(text, fragment=True).authority
    except uris.InvalidUriError:
        return ""


@lru_cache(uris.REMEMBERED)
def domains_of(authority: str) -> tuple[str, ...]:
    """Return every domain that a host belongs to, the narrowest first: itself with its port, itself, those above it.

    An address of numbers belongs to nothing above it.
    """
    written = authority.lower()
    if not written:
        return ()
    host = _PORT.sub("", written)
    labels = host.split(".")
    if labels[-1].isdigit() or host.startswith("["):
        return tuple(dict.fromkeys([written, host]))
    above = (".".join(labels[place:]) for place in range(max(1, len(labels) - MAX_LABELS), len(labels)))
    return tuple(dict.fromkeys([written, host, *above]))
