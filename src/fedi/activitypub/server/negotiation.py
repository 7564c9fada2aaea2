"""Who asks: a browser, or a server of the fediverse? By its Accept; and what a POST says it is, by its Content-Type.

One address has a page for people and a document for servers (contract ActivityPub §3), so every answer that depends on
it carries `Vary: Accept`. Pure.
"""

import re

ACTIVITYSTREAMS = "https://www.w3.org/ns/activitystreams"
MAX_HEADER = 4_096

_RANGE = re.compile(r'[^,"]*(?:"[^"]*"[^,"]*)*')
_DOCUMENTS = frozenset({"application/activity+json", "application/ld+json", "application/json"})
_PAGES = frozenset({"text/html", "application/xhtml+xml"})


def wants_activity(accept: str) -> bool:
    """Tell whether the document is wanted rather than the page: it is named, and not after the page.

    Whoever takes anything gets the page: browsers do not know the documents, and servers name them. Plain JSON counts
    as the document. Quality decides before order.
    """
    document = page = 0.0
    document_first = False
    for media_type, quality in _ranges(accept):
        if media_type in _DOCUMENTS and quality > document:
            document, document_first = quality, page < quality
        elif media_type in _PAGES:
            page = max(page, quality)
    return document > 0 and (document > page or (document == page and document_first))


def is_activity(content_type: str) -> bool:
    """Tell whether a body is declared as ActivityPub: activity+json, or ld+json with the profile; a charset may follow.

    Anything else, such as an upload, never is.
    """
    media_type, *parameters = (part.strip() for part in content_type[:MAX_HEADER].split(";"))
    if media_type.lower() == "application/activity+json":
        return True
    return media_type.lower() == "application/ld+json" and any(map(_names_profile, parameters))


def _names_profile(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    return name.strip().lower() == "profile" and ACTIVITYSTREAMS in value.strip('" ').split()


def _ranges(accept: str) -> list[tuple[str, float]]:
    """Return the media types of an Accept header with their qualities, in order."""
    found = []
    for text in filter(None, _RANGE.findall(accept[:MAX_HEADER])):
        media_type, *parameters = (part.strip().lower() for part in text.split(";"))
        found.append((media_type, _quality(parameters)))
    return found


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            return float(value) if re.fullmatch(r"[01](\.[0-9]{0,3})?", value.strip()) else 0.0
    return 1.0
