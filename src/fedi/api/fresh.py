"""What was answered before the views held it: whoever names it at once waits for it, and is not told 404.

Its author's own reads wait in any case (`views/written`). Others learn of a new status only by its id; that tells when
it was allotted, so nobody waits for what has long been gone, or never was.
"""

from collections.abc import Sequence
from datetime import timedelta

from fedi.api.deps import Deps
from fedi.ids import id_at

LATE = timedelta(seconds=2)
"""How far behind the views are in a server that is well; an id that is older stands in them or nowhere."""
_NAMES = ("id", "in_reply_to_id", "quoted_status_id")


async def may_have_come(deps: Deps, params: Sequence[object]) -> bool:
    """Wait for the views if the parameters name something so new that they may not have held it; tell whether so."""
    oldest = id_at(deps.clock() - LATE)
    named = (getattr(each, name, None) for each in params for name in _NAMES)
    if not any(isinstance(each, int) and each >= oldest for each in named):
        return False
    return await deps.written.all_said()
