"""What people here posted, read while the home timelines are written: those who have it there hear of it next.

The projector says that a batch is folded some milliseconds before whoever writes the timelines says who has it at home.
What is read in between was so after that batch. What changes it is announced on the same channel, and counts: nobody is
told of a post that is gone, or as it was before an edit.
"""

from collections.abc import Iterable, Mapping
from time import monotonic

from fedi.projections.announcements import Announcement
from fedi.registry.rows import Connection
from fedi.views import statuses
from fedi.views.statuses import Status

MOST = 50
"""Posts of one batch that are read ahead."""
SECONDS = 1.0
"""How long it may take until they are told: numbers change without being announced."""
_HIDING = frozenset({"accounts_masked", "aversions_changed", "missed"})
"""After these an author may be hidden, or gone with all that they posted."""


class Ahead:
    """The posts of the last batch that had any."""

    def __init__(self) -> None:
        self._statuses: dict[int, Status] = {}
        self._until = 0.0

    def known(self) -> Mapping[int, Status]:
        """Return what can still be told."""
        return self._statuses if monotonic() < self._until else {}

    def forget_all(self) -> None:
        """Tell nothing that was read: it may have changed without our hearing of it."""
        self._statuses.clear()

    def hear(self, said: Announcement) -> None:
        """Forget what an announcement says is otherwise now, or gone."""
        if said.event in {"status.update", "delete"}:
            self._statuses.pop(said.id, None)
        elif said.event in _HIDING:
            self._statuses.clear()

    async def read(self, connection: Connection, ids: Iterable[int]) -> None:
        """Read posts, but for those that quote: what is quoted may change without their being announced."""
        found = await statuses.load(connection, list(ids), None)
        self._statuses = {each.row.id: each for each in found if not each.row.quoting}
        self._until = monotonic() + SECONDS


def worth_reading(announcements: Iterable[Announcement]) -> frozenset[int]:
    """Return the posts of a batch that are to be read ahead: public ones by people here, unless they are too many.

    Of all that comes from elsewhere little is at home where somebody listens; to read it would be for nothing.
    """
    posted = (said.id for said in announcements if said.event == "update" and "public:local" in said.channels)
    found = frozenset(posted)
    return found if len(found) <= MOST else frozenset()
