"""Stamps remembered in this process, so that a page that was read a moment ago is read without asking the database.

The projector tells with each commit what it touched, and that is forgotten before anybody who waited for the commit is
woken: what is remembered is never older than what this process knows of the views. What was read while something was
touched is not remembered, for nobody knows whether it was read before or after. Of each person only what is their own
is remembered: who did what with which status is asked under the name of the reader, always. With what was published
since then somebody has done nothing, unless they were touched meanwhile: then nothing is remembered of them.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import TypeVar, get_args

import msgspec

from fedi.touched import Touched
from fedi.views.quotes import MayQuote
from fedi.views.recent import Recent
from fedi.views.stamps import Acts, Shared, Stamp

STATUSES = 20_000
"""Statuses remembered, about 600 bytes each; as many accounts."""
READERS = 1_000
PER_READER = 240
"""Statuses of which a reader's acts are remembered."""
_OPEN = frozenset({"public", "unlisted"})
"""The visibilities that only a block or a suspension takes away, which are told by themselves."""
_UNTOUCHED = {
    quotable: Acts(favourited=False, boosted=False, bookmarked=False, pinned=False, muted=False, quotable=quotable)
    for quotable in get_args(MayQuote)
}
"""What somebody did with a post that they have done nothing with, as they may quote it."""
_NOBODY = _UNTOUCHED["denied"]


K = TypeVar("K")
V = TypeVar("V")


class _Reader(msgspec.Struct):
    """The acts of somebody, by status, each with the version of the status that it was told of.

    `since` is the epoch in which this was learnt: they have done nothing since, or it would be forgotten. `seen` are
    statuses that they may see, as long as these are open to everybody.
    """

    since: int = 0
    mutes_threads: bool = False
    filters_version: int | None = None
    acts: dict[int, tuple[str, Acts]] = {}
    seen: dict[int, None] = {}


class StampMemory:
    """The stamps of one process."""

    def __init__(self) -> None:
        self._statuses: dict[int, Shared] = {}
        self._accounts: dict[int, str] = {}
        self._readers: OrderedDict[int, _Reader] = OrderedDict()
        self._anybody = _Reader()
        self._published: dict[int, int] = {}
        self._recent = Recent()

    @property
    def epoch(self) -> int:
        """A number that grows with each commit; to be taken before stamps are read, and given when they are learnt."""
        return self._recent.epoch

    def forget(self, touched: Touched) -> None:
        """Forget what a commit touched."""
        self._recent.add(touched)
        if touched.everything:
            self._statuses.clear()
            self._accounts.clear()
            self._readers.clear()
            self._anybody.seen.clear()
            self._published.clear()
        for status_id in touched.statuses:
            self._statuses.pop(status_id, None)
        for account_id in touched.accounts:
            self._accounts.pop(account_id, None)
        for reader in touched.readers:
            self._readers.pop(reader, None)
        for status_id in touched.published:
            self._statuses.pop(status_id, None)
            keep(self._published, status_id, self.epoch, STATUSES)

    def learn(self, stamps: Mapping[int, Stamp], viewer: int | None, epoch: int) -> None:
        """Remember stamps that were read since `epoch`, but for what was touched meanwhile."""
        touched = self._recent.since(epoch)
        if touched.everything or not stamps:
            return
        for each in stamps.values():
            if each.shared.id not in touched.statuses and each.shared.id not in touched.published:
                keep(self._statuses, each.shared.id, each.shared, STATUSES)
            if each.shared.account_id not in touched.accounts:
                keep(self._accounts, each.shared.account_id, each.account_version, STATUSES)
        if viewer is not None and viewer not in touched.readers:
            self._learn_acts(stamps.values(), viewer, epoch)

    def recall(self, ids: Iterable[int], viewer: int | None) -> tuple[dict[int, Stamp], list[int]]:
        """Return the stamps of statuses and of what they boost, by id, and those ids of which not all is remembered."""
        reader = self._reader(viewer)
        if reader is None:
            return {}, list(ids)
        found: dict[int, Stamp] = {}
        missing: list[int] = []
        for status_id in ids:
            stamp = self._stamp(status_id, viewer, reader)
            if stamp is not None and stamp.shared.boost_of_id is not None:
                original = self._stamp(stamp.shared.boost_of_id, viewer, reader)
                if original is not None:
                    found[original.shared.id] = original
                else:
                    stamp = None
            if stamp is not None:
                found[status_id] = stamp
            else:
                missing.append(status_id)
        return found, missing

    def learn_seen(self, status_id: int, viewer: int | None, epoch: int) -> None:
        """Remember that somebody may see a status whose stamp is remembered for them, as it was found since `epoch`."""
        reader = self._reader(viewer)
        if reader is not None and epoch == self.epoch:
            keep(reader.seen, status_id, None, STATUSES if viewer is None else PER_READER)

    def recall_seen(self, status_id: int, viewer: int | None) -> dict[int, Stamp] | None:
        """Return the stamps of a status and of what it boosts if it is remembered that the viewer may see it."""
        reader = self._reader(viewer)
        if reader is None or status_id not in reader.seen:
            return None
        stamps, missing = self.recall([status_id], viewer)
        if missing or not _OPEN.issuperset(each.shared.visibility for each in stamps.values()):
            return None
        return stamps

    def reader(self, viewer: int) -> object | None:
        """Return what is remembered of a reader: another object once they did something."""
        return self._readers.get(viewer)

    def stands(self, stamps: Iterable[Stamp]) -> bool:
        """Tell whether the statuses and accounts of some stamps are remembered as these say."""
        for each in stamps:
            shared = each.shared
            if self._statuses.get(shared.id) is not shared:
                return False
            if self._accounts.get(shared.account_id) != each.account_version:
                return False
        return True

    def _reader(self, viewer: int | None) -> _Reader | None:
        return self._anybody if viewer is None else self._readers.get(viewer)

    def _stamp(self, status_id: int, viewer: int | None, reader: _Reader) -> Stamp | None:
        shared = self._statuses.get(status_id)
        if shared is None:
            return None
        version = self._accounts.get(shared.account_id)
        acts = _NOBODY if viewer is None else self._acts(shared, viewer, reader)
        if version is None or acts is None:
            return None
        return Stamp(
            shared=shared,
            acts=acts,
            mutes_threads=reader.mutes_threads,
            account_version=version,
            filters_version=reader.filters_version,
        )

    def _acts(self, shared: Shared, viewer: int, reader: _Reader) -> Acts | None:
        version, acts = reader.acts.get(shared.id, ("", _NOBODY))
        if version == shared.version:
            return acts
        if reader.mutes_threads or self._published.get(shared.id, -1) <= reader.since:
            return None
        quotable = quotable_by(shared, viewer)
        return None if quotable is None else _UNTOUCHED[quotable]

    def _learn_acts(self, stamps: Iterable[Stamp], viewer: int, epoch: int) -> None:
        reader = self._readers.get(viewer)
        for each in stamps:
            if reader is None or reader.filters_version != each.filters_version:
                reader = self._readers[viewer] = _Reader(epoch, each.mutes_threads, each.filters_version)
            keep(reader.acts, each.shared.id, (each.shared.version, each.acts), PER_READER)
        self._readers.move_to_end(viewer)
        if len(self._readers) > READERS:
            self._readers.popitem(last=False)


def quotable_by(shared: Shared, viewer: int) -> MayQuote | None:
    """Return whether somebody may quote a status as `may_quote` does; None where it depends on who follows whom."""
    if shared.visibility == "direct" or shared.boost_of_id is not None:
        return "denied"
    if shared.account_id == viewer or "public" in shared.quote_automatic:
        return "automatic"
    return None if shared.quote_automatic or shared.quote_manual else "denied"


def keep(where: dict[K, V], key: K, value: V, most: int) -> None:
    """Remember a value; when there are too many, the eighth that has been there longest goes."""
    if len(where) >= most and key not in where:
        for old in list(islice(where, most // 8)):
            del where[old]
    where[key] = value
