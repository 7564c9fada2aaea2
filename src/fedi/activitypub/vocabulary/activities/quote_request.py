"""QuoteRequest: the actor asks somebody to let a post quote theirs (FEP-044f)."""

from fedi.activitypub.vocabulary import values
from fedi.activitypub.vocabulary.authority import MalformedError, actor_of, check_origin, object_required
from fedi.activitypub.vocabulary.claims import Claim, QuoteAsked
from fedi.activitypub.vocabulary.values import Document

TYPE = "QuoteRequest"


def read(activity: Document) -> tuple[Claim, ...]:
    """The post that is to quote must be of the actor's own origin. Where it is embedded, only its id counts."""
    quoted = object_required(activity)
    quote = values.id_of(activity.get("instrument"))
    if not quote:
        raise MalformedError
    check_origin(quote, actor_of(activity))
    return (QuoteAsked(uri=values.uri(activity.get("id")), object=quoted, quote=quote),)
