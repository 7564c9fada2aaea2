"""Tells followers elsewhere of collections of accounts: that one is there, is another one, or is gone (FEP-7aa9).

What is said is the collection as the views have it by then. One that is not to be discovered is told to nobody.
"""

from collections.abc import Iterator, Sequence

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from fedi.activitypub.vocabulary import addresses
from fedi.activitypub.vocabulary.rendering import featured
from fedi.effects.drafts import because
from fedi.events import Recorded
from fedi.events.collections import (
    CollectionAccountAdded,
    CollectionAccountRemoved,
    CollectionDeleted,
    CollectionMembershipRevoked,
    CollectionSaved,
)
from fedi.facts.collections import FeatureAccepted, FeatureEnded
from fedi.log.drafts import Draft
from fedi.meaning.interpret import Interpretation
from fedi.site import Site
from fedi.views import accounts, collection_documents, collections
from fedi.views.collections import Collection

_Changes = (
    CollectionSaved
    | CollectionAccountAdded
    | CollectionAccountRemoved
    | CollectionMembershipRevoked
    | FeatureAccepted
    | FeatureEnded
)


async def answers(connection: AsyncConnection[TupleRow], site: Site, batch: Sequence[Interpretation]) -> list[Draft]:
    """Return what the server says because of what a batch says of collections."""
    changed: dict[int, list[Recorded]] = {}
    for recorded, fact in _changes(batch):
        changed.setdefault(fact.collection_id, []).append(recorded)
    drafts = [
        _told(site, changed[found.row.id], found)
        for found in await collections.load(connection, list(changed), None)
        if found.row.discoverable and not found.row.uri
    ]
    gone = [(said.recorded, event) for said in batch if isinstance(event := said.recorded.event, CollectionDeleted)]
    owners = await accounts.load(connection, {event.account_id for _, event in gone})
    for recorded, event in gone:
        if (owner := owners.get(event.account_id)) is not None and owner.domain is None:
            uri = addresses.collection(owner.uri, event.collection_id)
            document = featured.collection_removed(owner.uri, uri, event.collection_id)
            drafts.append(because("collection", recorded, document, owner.id))
    return drafts


def _changes(batch: Sequence[Interpretation]) -> Iterator[tuple[Recorded, _Changes]]:
    for said in batch:
        for entry in said.entries:
            if isinstance(entry.fact, _Changes):
                yield said.recorded, entry.fact


def _told(site: Site, causes: Sequence[Recorded], found: Collection) -> Draft:
    row, document = found.row, collection_documents.document(site, found)
    if row.created_at in {cause.recorded_at for cause in causes}:
        told = featured.collection_added(row.owner_uri, document, row.id)
    else:
        told = featured.collection_changed(row.owner_uri, document, causes[-1].recorded_at)
    return because("collection", causes[-1], told, row.account_id)
