"""Collections of accounts that somebody recommends, as their owner's server writes them (FEP-7aa9)."""

from fedi.activitypub.vocabulary import hashtags, tags, values
from fedi.activitypub.vocabulary.authority import check_origin, id_required
from fedi.activitypub.vocabulary.claims import Claim, CollectionShown, CollectionTold
from fedi.activitypub.vocabulary.values import Document

MAX_NAME = 256
MAX_DESCRIPTION = 2_000


def read_recommendation(document: Document) -> CollectionShown:
    """Return what a FeaturedCollection says. It must be of its owner's own origin: raises `PeerError` otherwise."""
    uri, owner = id_required(document), values.id_of(document.get("attributedTo"))
    check_origin(uri, owner)
    topic = values.first(document.get("topic"))
    names = tags.hashtag_names([topic]) if isinstance(topic, dict) else ()
    language = next(iter(values.language_map(document, "summary")), "") or next(
        iter(values.language_map(document, "name")), ""
    )
    return CollectionShown(
        uri=uri,
        owner=owner,
        name=values.plain(values.natural(document, "name", MAX_NAME), MAX_NAME),
        description=values.plain(values.natural(document, "summary", MAX_DESCRIPTION), MAX_DESCRIPTION),
        language=language[:35],
        sensitive=values.flag(document.get("sensitive")),
        discoverable=values.flag(document.get("discoverable")),
        tag=hashtags.normal(names[0]) if names else "",
    )


def told(document: Document, actor: str, *, gone: bool = False) -> tuple[Claim, ...]:
    """Return what an actor says of a collection of its own, or of a place in one."""
    uri = id_required(document)
    if "FeaturedCollection" not in values.types(document):
        return (CollectionTold(uri=uri),)
    if gone or values.id_of(document.get("attributedTo")) != actor:
        return (CollectionTold(uri=uri, gone=gone),)
    return (CollectionTold(uri=uri), read_recommendation(document))
