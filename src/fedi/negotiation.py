"""Who wants a page and who wants a document: one address serves browsers and servers (ActivityPub §3.2)."""

_DOCUMENTS = {"application/activity+json", "application/ld+json", "application/json"}
_PAGES = {"text/html", "application/xhtml+xml"}


def asks_for_document(accept: str) -> bool:
    """Tell whether an Accept header asks for an ActivityStreams document rather than for a page."""
    weights = _weights(accept)
    wanted = max((weights.get(kind, 0.0) for kind in _DOCUMENTS), default=0.0)
    return wanted > 0 and wanted >= max((weights.get(kind, 0.0) for kind in _PAGES), default=0.0)


def asks_for_page(accept: str) -> bool:
    """Tell whether an Accept header names HTML, as every browser's does, and prefers it to a document."""
    return not _PAGES.isdisjoint(_weights(accept)) and not asks_for_document(accept)


def _weights(accept: str) -> dict[str, float]:
    """What is accepted, and how much of it from 0 to 1 (RFC 9110 §12.5.1); a weight that cannot be read is 1."""
    weights: dict[str, float] = {}
    for part in accept[:1000].split(","):
        kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
        given = next((text[2:] for text in parameters if text.startswith("q=")), "1")
        try:
            weight = min(1.0, max(0.0, float(given)))
        except ValueError:
            weight = 1.0
        weights[kind] = max(weights.get(kind, 0.0), weight)
    return weights
