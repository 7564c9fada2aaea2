"""What people here posted, known before the home timelines are written: those who have it there hear of it next.

Most of it was handed over by whoever answered its author (`posted.py`), as it would be read. The rest is read: the
projector says that a batch is folded some milliseconds before whoever writes the timelines says who has it at home.
What changes it is announced on the same channel, and counts: nobody is told of a post that is gone, or as it was
before an edit. What is handed over only after its batch was told of is never told: it may have gone since.
"""

from collections.abc import Iterable, Mapping
from time import monotonic

from fedi.projections.announcements import Announcement
from fedi.registry.rows import Connection
from fedi.views import statuses
from fedi.views.statuses import Status

MOST = 50
"""Posts of one batch that are read ahead, and posts that wait for their batch."""
SECONDS = 1.0
"""How long it may take until they are told: numbers change without being announced."""
_HIDING = frozenset({"accounts_masked", "aversions_changed", "missed"})
"""After these an author may be hidden, or gone with all that they posted."""


class Ahead:
    """The posts of the last batch that had any, and those whose batch is still to come."""

    def __init__(self) -> None:
        self._statuses: dict[int, Status] = {}
        self._until = 0.0
        self._posted: dict[int, tuple[Status, float]] = {}

    def known(self) -> Mapping[int, Status]:
        """Return what can still be told."""
        return self._statuses if monotonic() < self._until else {}

    def forget_all(self) -> None:
        """Tell nothing that was read: it may have changed without our hearing of it."""
        self._statuses.clear()
        self._posted.clear()

    def take(self, posted: Status) -> None:
        """Keep a post that was handed over until its batch is told of."""
        self._posted[posted.row.id] = posted, monotonic() + SECONDS
        if len(self._posted) > MOST:
            del self._posted[next(iter(self._posted))]

    def hear(self, said: Announcement) -> None:
        """Forget what an announcement says is otherwise now, or gone."""
        if said.event in {"status.update", "delete"}:
            self._statuses.pop(said.id, None)
            self._posted.pop(said.id, None)
        elif said.event in _HIDING:
            self.forget_all()

    def begin(self, ids: frozenset[int]) -> frozenset[int]:
        """Begin with the posts of a batch of which all was heard; return those that nobody handed over."""
        now = monotonic()
        handed = {each: self._posted.pop(each) for each in ids if each in self._posted}
        self._statuses = {each: status for each, (status, until) in handed.items() if now < until}
        self._until = now + SECONDS
        return ids - self._statuses.keys()

    async def read(self, connection: Connection, ids: Iterable[int]) -> None:
        """Read posts too, but for those that quote: what is quoted may change without their being announced."""
        found = await statuses.load(connection, list(ids), None)
        self._statuses |= {each.row.id: each for each in found if not each.row.quoting}
        self._until = monotonic() + SECONDS


def worth_reading(announcements: Iterable[Announcement]) -> frozenset[int]:
    """Return the posts of a batch that are to be read ahead: public ones by people here, unless they are too many.

    Of all that comes from elsewhere little is at home where somebody listens; to read it would be for nothing.
    """
    posted = (said.id for said in announcements if said.event == "update" and "public:local" in said.channels)
    found = frozenset(posted)
    return found if len(found) <= MOST else frozenset()
