"""Quotes between servers (FEP-044f): the question, the answers, the stamp and its end."""

from fedi.activitypub.vocabulary import addresses, visibility
from fedi.activitypub.vocabulary.rendering.contexts import QUOTE_REQUEST, STAMP, Json


def quote_request(actor: str, quoted: str, author: str, instrument: Json, number: int) -> Json:
    """May this post, `instrument`, quote that one by `author`? The post is embedded: it need not be fetched."""
    return {
        "@context": QUOTE_REQUEST,
        "id": addresses.act(actor, "quote_requests", number),
        "type": "QuoteRequest",
        "actor": actor,
        "object": quoted,
        "instrument": instrument,
        "to": [author],
    }


def accept_quote(actor: str, asker: str, request: Json, stamp: str, number: int) -> Json:
    """Yes to a QuoteRequest, with the stamp that proves it to everybody."""
    answer = _answer("Accept", addresses.act(actor, "accepts/quote_requests", number), actor, asker, request)
    return {**answer, "result": stamp}


def reject_quote(actor: str, asker: str, request: Json, number: int) -> Json:
    """No to a QuoteRequest."""
    return _answer("Reject", addresses.act(actor, "rejects/quote_requests", number), actor, asker, request)


def asked_to_quote(request: str, asker: str, quoted: str, quote: str) -> Json:
    """A QuoteRequest as its answer embeds it."""
    asked: Json = {"type": "QuoteRequest", "actor": asker, "object": quoted, "instrument": quote}
    return {"id": request, **asked} if request else asked


def stamp(uri: str, author: str, quote: str, quoted: str) -> Json:
    """The stamp, as it is served. It must not embed the quoting post."""
    return {
        "@context": STAMP,
        "id": uri,
        "type": "QuoteAuthorization",
        "attributedTo": author,
        "interactingObject": quote,
        "interactionTarget": quoted,
    }


def delete_stamp(actor: str, uri: str) -> Json:
    """A stamp is taken back: told to everybody who may have seen the quote."""
    envelope = {"type": "Delete", "actor": actor, "to": [visibility.PUBLIC]}
    return {"@context": STAMP, "id": addresses.deletion(uri), **envelope, "object": uri}


def _answer(kind: str, uri: str, actor: str, asker: str, request: Json) -> Json:
    return {"@context": QUOTE_REQUEST, "id": uri, "type": kind, "actor": actor, "object": request, "to": [asker]}
