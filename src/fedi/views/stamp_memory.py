"""Stamps remembered in this process, so that a page that was read a moment ago is read without asking the database.

The projector tells with each commit what it touched, and that is forgotten before anybody who waited for the commit is
woken: what is remembered is never older than what this process knows of the views. What was read while something was
touched is not remembered, for nobody knows whether it was read before or after. Of each person only what is their own
is remembered: who did what with which status is asked under the name of the reader, always.
"""

from collections import OrderedDict, deque
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import TypeVar

import msgspec

from fedi.touched import EVERYTHING, Touched
from fedi.views.stamps import Acts, Shared, Stamp

STATUSES = 20_000
"""Statuses remembered, about 600 bytes each; as many accounts."""
READERS = 1_000
PER_READER = 240
"""Statuses of which a reader's acts are remembered."""
RECENT = 64
"""Commits of which it is known what they touched, while others read."""
_OPEN = frozenset({"public", "unlisted"})
"""The visibilities that only a block or a suspension takes away, which are told by themselves."""
_NOBODY = Acts(favourited=False, boosted=False, bookmarked=False, pinned=False, muted=False, quotable="denied")


K = TypeVar("K")
V = TypeVar("V")


class _Reader(msgspec.Struct):
    """The acts of somebody, by status, each with the version of the status that it was told of.

    `seen` are statuses that they may see, as long as these are open to everybody.
    """

    filters_version: int | None
    acts: dict[int, tuple[str, Acts]] = {}
    seen: dict[int, None] = {}


class StampMemory:
    """The stamps of one process."""

    def __init__(self) -> None:
        self._statuses: dict[int, Shared] = {}
        self._accounts: dict[int, str] = {}
        self._readers: OrderedDict[int, _Reader] = OrderedDict()
        self._anybody = _Reader(None)
        self._recent: deque[Touched] = deque(maxlen=RECENT)
        self._epoch = 0

    @property
    def epoch(self) -> int:
        """A number that grows with each commit; to be taken before stamps are read, and given when they are learnt."""
        return self._epoch

    def forget(self, touched: Touched) -> None:
        """Forget what a commit touched."""
        self._epoch += 1
        self._recent.append(touched)
        if touched.everything:
            self._statuses.clear()
            self._accounts.clear()
            self._readers.clear()
            self._anybody.seen.clear()
        for status_id in touched.statuses:
            self._statuses.pop(status_id, None)
        for account_id in touched.accounts:
            self._accounts.pop(account_id, None)
        for reader in touched.readers:
            self._readers.pop(reader, None)

    def learn(self, stamps: Mapping[int, Stamp], viewer: int | None, epoch: int) -> None:
        """Remember stamps that were read since `epoch`, but for what was touched meanwhile."""
        touched = self._since(epoch)
        if touched.everything or not stamps:
            return
        for each in stamps.values():
            if each.shared.id not in touched.statuses:
                keep(self._statuses, each.shared.id, each.shared, STATUSES)
            if each.shared.account_id not in touched.accounts:
                keep(self._accounts, each.shared.account_id, each.account_version, STATUSES)
        if viewer is not None and viewer not in touched.readers:
            self._learn_acts(stamps.values(), viewer)

    def recall(self, ids: Iterable[int], viewer: int | None) -> dict[int, Stamp] | None:
        """Return the stamps of statuses and of what they boost, by id; None unless all are remembered."""
        reader = self._reader(viewer)
        if reader is None:
            return None
        found: dict[int, Stamp] = {}
        for status_id in ids:
            wanted: int | None = status_id
            while wanted is not None:
                stamp = self._stamp(wanted, viewer, reader)
                if stamp is None:
                    return None
                found[wanted] = stamp
                wanted = stamp.shared.boost_of_id
        return found

    def learn_seen(self, status_id: int, viewer: int | None, epoch: int) -> None:
        """Remember that somebody may see a status whose stamp is remembered for them, as it was found since `epoch`."""
        reader = self._reader(viewer)
        if reader is not None and epoch == self._epoch:
            keep(reader.seen, status_id, None, STATUSES if viewer is None else PER_READER)

    def recall_seen(self, status_id: int, viewer: int | None) -> dict[int, Stamp] | None:
        """Return the stamps of a status and of what it boosts if it is remembered that the viewer may see it."""
        reader = self._reader(viewer)
        stamps = self.recall([status_id], viewer) if reader is not None and status_id in reader.seen else None
        if stamps is None or not _OPEN.issuperset(each.shared.visibility for each in stamps.values()):
            return None
        return stamps

    def _reader(self, viewer: int | None) -> _Reader | None:
        return self._anybody if viewer is None else self._readers.get(viewer)

    def _stamp(self, status_id: int, viewer: int | None, reader: _Reader) -> Stamp | None:
        shared = self._statuses.get(status_id)
        if shared is None:
            return None
        version = self._accounts.get(shared.account_id)
        told, acts = (shared.version, _NOBODY) if viewer is None else reader.acts.get(status_id, ("", _NOBODY))
        if version is None or told != shared.version:
            return None
        return Stamp(shared=shared, acts=acts, account_version=version, filters_version=reader.filters_version)

    def _learn_acts(self, stamps: Iterable[Stamp], viewer: int) -> None:
        reader = self._readers.get(viewer)
        for each in stamps:
            if reader is None or reader.filters_version != each.filters_version:
                reader = self._readers[viewer] = _Reader(each.filters_version)
            keep(reader.acts, each.shared.id, (each.shared.version, each.acts), PER_READER)
        self._readers.move_to_end(viewer)
        if len(self._readers) > READERS:
            self._readers.popitem(last=False)

    def _since(self, epoch: int) -> Touched:
        """Return what was touched since an epoch."""
        missed = self._epoch - epoch
        if missed > len(self._recent):
            return EVERYTHING
        recent = list(islice(reversed(self._recent), missed))
        return Touched(
            statuses=tuple(each for one in recent for each in one.statuses),
            accounts=tuple(each for one in recent for each in one.accounts),
            readers=tuple(each for one in recent for each in one.readers),
            everything=any(one.everything for one in recent),
        )


def keep(where: dict[K, V], key: K, value: V, most: int) -> None:
    """Remember a value; when there are too many, the eighth that has been there longest goes."""
    if len(where) >= most and key not in where:
        for old in list(islice(where, most // 8)):
            del where[old]
    where[key] = value
