"""What relays pass on is a hint where to ask, and nothing more: each post is fetched from where it lives (S-038).

Whether the forwarded activity carries a Linked Data Signature makes no difference: none is ever read.
"""

from typing import Any

from fedi.activitypub.server.edge import Edge
from fedi.activitypub.vocabulary import values
from fedi.activitypub.vocabulary.hosts import authority_of
from fedi.effects.fetch import Wish, want

MAX_NAMED = 20
"""Posts that one activity of a relay makes worth knowing."""
_NEWS = frozenset({"Announce", "Create", "Update"})


def passes_on(activity: dict[str, Any], relay: str) -> bool:
    """Tell whether what comes from a relay, a host, is not its own word: an Announce, or somebody else's activity."""
    actor = values.id_of(activity.get("actor"))
    return "Announce" in values.types(activity) or authority_of(actor) != relay


async def note_posts(edge: Edge, activity: dict[str, Any], relay: str) -> None:
    """Queue the posts that a relay speaks of to be fetched; how many wait for one relay is bounded there."""
    if _NEWS.isdisjoint(values.types(activity)):
        return
    named = [values.id_of(each) for each in values.members(activity.get("object"))[:MAX_NAMED]]
    async with edge.pool.connection() as connection:
        await want(connection, edge.site, [Wish(uri, "object", 0, relay) for uri in named if uri])
