"""Those who wrote lately, remembered in this process, so that their next post asks nobody who writes it.

What the views tell of somebody forgets them, and each of their own posts does. So they are read again afterwards, when
they have been left alone for a moment, before they write again. What was read while it was touched is not remembered.

What somebody prefers is not told by the views: it is the registry's, and any process may change it. Whoever uses what
is remembered appends on the premise that it is so still (`registry/premises.py`).
"""

import asyncio
import logging
from time import monotonic
from types import TracebackType
from typing import Self

import msgspec

from fedi.touched import Touched
from fedi.views.authors import Author, Authors
from fedi.views.progress import Views
from fedi.views.recent import Recent
from fedi.views.stamp_memory import keep

CAPACITY = 1_000
"""People remembered; a kilobyte or two each."""
QUIET_SECONDS = 0.15
"""How long after they were touched last somebody is read again: in a crowd of posts nobody is, for nothing."""
ROUND_SECONDS = 0.1
"""How often people are read again, those together who can be: whoever posts at that moment is held up by it."""
WRITING_SECONDS = 900.0
"""How long after their last post somebody is still read again."""
APPS = 8
"""Apps of one person that are remembered; with one more they are remembered anew."""
TOGETHER = 20
"""People who are read again at once: whoever wants to write just then waits for them."""
_log = logging.getLogger(__name__)


class _Known(msgspec.Struct):
    """Somebody, by the app that they write with, and when they last wanted to write."""

    by_app: dict[int | None, Author]
    wrote_at: float


class AuthorMemory:
    """Remembers who writes, until the block is left."""

    def __init__(self, authors: Authors, progress: Views) -> None:
        self._authors = authors
        self._progress = progress
        self._known: dict[int, _Known] = {}
        self._again: dict[int, tuple[float, _Known]] = {}
        """Who was touched, and is to be read again from a moment on."""
        self._recent = Recent()
        self._reading: asyncio.Task[None] | None = None
        progress.tell(self._forget)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait([self._reading])

    def recall(self, account_id: int, app_id: int | None) -> Author | None:
        """Return who writes as the views that are known here hold them, if they are remembered."""
        known = self._known.get(account_id)
        if known is None or not self._progress.is_followed:
            return None
        known.wrote_at = monotonic()
        return known.by_app.get(app_id)

    async def author(self, account_id: int, app_id: int | None) -> Author | None:
        """Return who writes as they are now or later, and remember them; None if the views do not know them."""
        return await self._read(account_id, app_id, monotonic())

    async def _read(self, account_id: int, app_id: int | None, wrote_at: float) -> Author | None:
        epoch = self._recent.epoch
        found = await self._authors.author(account_id, app_id)
        touched = self._recent.since(epoch)
        if found is not None and not touched.everything and account_id not in _people(touched):
            known = self._known.get(account_id) or _Known({}, wrote_at)
            known.wrote_at = max(known.wrote_at, wrote_at)
            if len(known.by_app) >= APPS:
                known.by_app.clear()
            known.by_app[app_id] = found
            keep(self._known, account_id, known, CAPACITY)
        return found

    def _forget(self, touched: Touched) -> None:
        self._recent.add(touched)
        if touched.everything:
            self._known.clear()
            self._again.clear()
            return
        now = monotonic()
        for account_id in _people(touched):
            known = self._known.pop(account_id, None)
            if known is None and account_id in self._again:
                known = self._again.pop(account_id)[1]
            if known is not None and now - known.wrote_at < WRITING_SECONDS:
                keep(self._again, account_id, (now + QUIET_SECONDS, known), CAPACITY)
        if self._again and self._reading is None:
            self._reading = asyncio.get_running_loop().create_task(self._read_again())

    async def _read_again(self) -> None:
        try:
            while self._again:
                await asyncio.sleep(ROUND_SECONDS)
                now = monotonic()
                due = [account_id for account_id, (at, _) in self._again.items() if at <= now][:TOGETHER]
                people = [(account_id, self._again.pop(account_id)[1]) for account_id in due]
                found = await asyncio.gather(
                    *(
                        self._read(account_id, app_id, known.wrote_at)
                        for account_id, known in people
                        if account_id not in self._known
                        for app_id in known.by_app
                    ),
                    return_exceptions=True,
                )
                for failed in found:
                    if isinstance(failed, Exception):  # whatever it is: they are looked up when they write
                        _log.info("who writes is not read again: %s", failed)
                        break
        finally:
            self._reading = None


def _people(touched: Touched) -> set[int]:
    """Return whose rows, numbers or filters a commit touched."""
    return {*touched.accounts, *touched.readers}
