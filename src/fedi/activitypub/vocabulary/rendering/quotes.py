"""Quotes between servers (FEP-044f): the stamp and its end; `questions` has how it is asked for and given."""

from fedi.activitypub.vocabulary import addresses, visibility
from fedi.activitypub.vocabulary.rendering import questions
from fedi.activitypub.vocabulary.rendering.contexts import QUOTE_REQUEST, STAMP, Json

QUESTION = questions.Kind("QuoteRequest", QUOTE_REQUEST, "quote_requests")


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
