"""What the server says by itself, in somebody's name, because of something that was said."""

import msgspec

from fedi.activitypub.vocabulary.rendering.contexts import Json
from fedi.events import Recorded, identity
from fedi.events.activities import ActivityPublished
from fedi.log.drafts import Draft


def because(kind: str, cause: Recorded, document: Json, account_id: int, *, hide_totals: bool = False) -> Draft:
    """Return an activity of an account's that follows from an event: of a kind it is said once, however often tried."""
    raw = msgspec.Raw(msgspec.json.encode(document))
    event = ActivityPublished(document=raw, account_id=account_id, hide_totals=hide_totals)
    return Draft(identity=identity.of_answer(kind, cause.identity), event=event, cause=cause.position)
