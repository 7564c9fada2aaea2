"""The last page that each reader was shown, status by status, so that a page read again is put together and not made.

A text stands as long as all that it was made of is what is remembered now: the reader, each status and each account
(`views/stamp_memory.py` forgets them when the views tell that they changed). So it is what making it anew would give,
and nobody is given what was made for somebody else.
"""

from collections import OrderedDict
from collections.abc import Iterable

import msgspec

from fedi.views.stamp_memory import StampMemory
from fedi.views.stamps import Stamp

READERS = 200
"""Readers whose last page is kept; one of 20 statuses takes about 40 KB."""


class Finished(msgspec.Struct, frozen=True):
    """A status as JSON, and the stamps that it was made of: its own, and that of what it boosts."""

    stamps: tuple[Stamp, ...]
    until: float
    text: msgspec.Raw


class FinishedTexts:
    """The last pages of one process."""

    def __init__(self, memory: StampMemory) -> None:
        self._memory = memory
        self._pages: OrderedDict[int, tuple[object, dict[int, Finished]]] = OrderedDict()

    def recall(self, ids: Iterable[int], viewer: int, now: float) -> dict[int, Finished]:
        """Return those statuses of the viewer's last page that still are what they were."""
        reader, texts = self._pages.get(viewer, (None, {}))
        if reader is None or reader is not self._memory.reader(viewer):
            return {}
        stands = self._memory.stands
        known = ((each, texts.get(each)) for each in ids)
        return {each: text for each, text in known if text is not None and now <= text.until and stands(text.stamps)}

    def learn(self, viewer: int, page: dict[int, Finished]) -> None:
        """Keep a page that was made of what is remembered now."""
        reader = self._memory.reader(viewer)
        if reader is not None:
            self._pages[viewer] = (reader, page)
            self._pages.move_to_end(viewer)
            if len(self._pages) > READERS:
                self._pages.popitem(last=False)
