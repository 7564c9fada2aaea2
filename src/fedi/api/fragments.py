"""Statuses as JSON, remembered in this process: most of what a timeline shows is the same for everybody and rarely
changes, and rendering it costs far more than anything else.

A fragment is a status without its numbers and without its reader's acts, or an account. Each is used only as long as
its version in the database is the one it was made of, so nothing here is ever older than the views. Versions, numbers
and acts are remembered too (`views/stamp_memory.py`), until the views tell that they changed. What a version does not
cover (the names of people mentioned, roles) is at most `LIFE` seconds old. Polls are rendered anew each time.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

import msgspec

from fedi.activitypub.vocabulary import html
from fedi.api.encoding import encode
from fedi.api.entities.accounts import account
from fedi.api.entities.filters import filter_results
from fedi.api.entities.statuses import QuoteApproval, status
from fedi.api.finished import Finished, FinishedTexts
from fedi.clock import Clock
from fedi.facts.quotes import QuotersWord
from fedi.registry.rows import Connection
from fedi.site import Site
from fedi.views import statuses
from fedi.views.can_see import can_see
from fedi.views.filtering import Sieve, searchable
from fedi.views.filters import Sieves, sifted
from fedi.views.progress import Views
from fedi.views.quotes import MayQuote
from fedi.views.stamp_memory import StampMemory, keep
from fedi.views.stamps import Stamp, stamps

CAPACITY = 4_000
"""Fragments of each kind; a status and its account take about 3 KB."""
LIFE = 60.0
BRIEF = 3.0
"""The same while a new post may still get a card."""
CARD_PATIENCE = timedelta(minutes=3)
_CHANGING = (
    "replies_count",
    "reblogs_count",
    "favourites_count",
    "quotes_count",
    "quote_approval",
    "favourited",
    "reblogged",
    "muted",
    "bookmarked",
    "pinned",
    "filtered",
    "reblog",
    "account",
)
_JSON = (b"false", b"true")
_WHOLE = (
    b'%b,"account":%b,"reblog":%b,"replies_count":%d,"reblogs_count":%d,"favourites_count":%d,"quotes_count":%d,'
    b'"quote_approval":%b%b}'
)


class _Fragment(msgspec.Struct, frozen=True):
    version: str
    until: float
    text: bytes


class _Page(msgspec.Struct, frozen=True):
    """What one answer is made of. It holds on to its fragments, whatever others forget meanwhile."""

    stamps: dict[int, Stamp]
    viewer: int | None
    is_filtered: bool = False
    """Whether the reader has filters: then what is shown depends on the time too."""
    statuses: dict[int, bytes] = {}
    accounts: dict[int, bytes] = {}
    whole: dict[int, bytes] = {}
    """Statuses that are not remembered: those with polls and quotes."""
    filtered: dict[int, bytes] = {}
    """The filters of the reader that statuses are caught by, where there are any."""


class _Described(msgspec.Struct, frozen=True):
    description: str | None = None


class _Words(msgspec.Struct, frozen=True):
    """What filters look through, of a remembered status."""

    spoiler_text: str
    content: str
    media_attachments: list[_Described]


_decode_words = msgspec.json.Decoder(_Words).decode


class Fragments:
    """The fragments of one process."""

    def __init__(
        self,
        site: Site,
        sieves: Sieves,
        clock: Clock,
        progress: Views,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._site = site
        self._sieves = sieves
        self._clock = clock
        self._monotonic = monotonic
        self._statuses: dict[int, _Fragment] = {}
        self._accounts: dict[int, _Fragment] = {}
        self._memory = StampMemory()
        self._finished = FinishedTexts(self._memory)
        self._progress = progress
        progress.tell(self._memory.forget)

    def remembered(self, ids: Sequence[int], viewer: int, position: int) -> list[msgspec.Raw] | None:
        """Return what `render` would, as the views are from `position` on; None if the database must be asked."""
        if self._progress.reached < position or not self._progress.is_followed:
            return None
        known = self._finished.recall(ids, viewer, self._monotonic())
        rest = [each for each in ids if each not in known]
        if rest:
            found, missing = self._memory.recall(rest, viewer)
            page = None if missing else self._from_memory(found, viewer)
            if page is None:
                return None
            known |= {each: self._finish(each, page) for each in rest}
            if not page.is_filtered:
                self._finished.learn(viewer, known)
        return [known[each].text for each in ids]

    def remembered_one(self, status_id: int, viewer: int | None) -> msgspec.Raw | None:
        """Return a status as JSON if it is remembered, and that the viewer may see it."""
        found = self._memory.recall_seen(status_id, viewer)
        page = None if found is None else self._from_memory(found, viewer)
        return None if page is None else _texts([status_id], page)[0]

    async def one(self, connection: Connection, status_id: int, viewer: int | None) -> msgspec.Raw | None:
        """Return a status as JSON, None if there is none or the viewer may not see it."""
        epoch = self._memory.epoch
        if not await can_see(connection, status_id, viewer):
            return None
        rendered = await self.render(connection, [status_id], viewer)
        self._memory.learn_seen(status_id, viewer, epoch)
        return rendered[0] if rendered else None

    async def render(self, connection: Connection, ids: Sequence[int], viewer: int | None) -> list[msgspec.Raw]:
        """Return statuses as JSON in the order of `ids`, without those that are gone. It does not ask who may see them.

        One query where everything is remembered, four where not.
        """
        return await self._render(connection, ids, {}, ids, viewer)

    async def render_since(
        self, connection: Connection, ids: Sequence[int], viewer: int | None, position: int
    ) -> list[msgspec.Raw]:
        """Return what `render` would, as the views are from `position` on: the database is asked for what is new."""
        if self._progress.reached < position or not self._progress.is_followed:
            return await self.render(connection, ids, viewer)
        found, missing = self._memory.recall(ids, viewer)
        return await self._render(connection, ids, found, missing, viewer)

    async def _render(
        self,
        connection: Connection,
        ids: Sequence[int],
        known: dict[int, Stamp],
        unknown: Sequence[int],
        viewer: int | None,
    ) -> list[msgspec.Raw]:
        epoch = self._memory.epoch
        asked = await stamps(connection, unknown, viewer)
        self._memory.learn(asked, viewer, epoch)
        page = _Page(known | asked, viewer)
        now = self._monotonic()
        missing = [each for each, stamp in page.stamps.items() if not self._recall(stamp, page, now)]
        sieve = await self._sieve(connection, page)
        for loaded in await statuses.load(connection, missing, viewer):
            self._learn(sifted(loaded, sieve, self._clock()) if sieve else loaded, page, now)
        if sieve:
            _sift(page, sieve, self._clock())
        return _texts(ids, page)

    def _from_memory(self, found: dict[int, Stamp], viewer: int | None) -> _Page | None:
        """Return a page of what is remembered under stamps; None if that is not enough."""
        if not self._progress.is_followed:
            return None
        sieve = self._sieves.known(viewer, next((stamp.filters_version for stamp in found.values()), None))
        if sieve is None:
            return None
        page, now = _Page(found, viewer, bool(sieve)), self._monotonic()
        if not all(self._recall(stamp, page, now) for stamp in found.values()):
            return None
        if sieve:
            _sift(page, sieve, self._clock())
        return page

    def _finish(self, status_id: int, page: _Page) -> Finished:
        stamp = page.stamps[status_id]
        boosted = stamp.shared.boost_of_id
        made_of = (stamp,) if boosted is None else (stamp, page.stamps[boosted])
        lives = (
            min(self._statuses[each.shared.id].until, self._accounts[each.shared.account_id].until) for each in made_of
        )
        (text,) = _texts([status_id], page)
        return Finished(made_of, min(lives), text)

    async def _sieve(self, connection: Connection, page: _Page) -> Sieve:
        """Return the reader's filters, as they are since the page was asked for."""
        version = next((stamp.filters_version for stamp in page.stamps.values()), None)
        return await self._sieves.of(connection, page.viewer, version)

    def _recall(self, stamp: Stamp, page: _Page, now: float) -> bool:
        """Put what is remembered of a status on the page; tell whether that is enough."""
        shared = stamp.shared
        status, account = self._statuses.get(shared.id), self._accounts.get(shared.account_id)
        if status is None or status.version != shared.version or status.until < now:
            return False
        if account is None or account.version != stamp.account_version or account.until < now:
            return False
        page.statuses[shared.id] = status.text
        page.accounts[shared.account_id] = account.text
        return True

    def _awaits_card(self, row: statuses.StatusRow) -> bool:
        return row.link is not None and row.card is None and self._clock() - row.created_at < CARD_PATIENCE

    def _learn(self, loaded: statuses.Status, page: _Page, now: float) -> None:
        """Put a status on the page and remember it, unless it has a poll or quotes something.

        Its stamp was read before it, so a fragment may be newer than its version says, but never older.
        """
        stamp = page.stamps[loaded.row.id]
        shared = stamp.shared
        entity = msgspec.to_builtins(status(loaded, self._site))
        if shared.has_poll or shared.quoting:
            page.whole[shared.id] = encode(entity)
            return
        until = now + (BRIEF if self._awaits_card(loaded.row) else LIFE)
        author = encode(account(loaded.account, self._site))
        text = encode({name: value for name, value in entity.items() if name not in _CHANGING})[:-1]
        keep(self._statuses, shared.id, _Fragment(shared.version, until, text), CAPACITY)
        keep(self._accounts, shared.account_id, _Fragment(stamp.account_version, until, author), CAPACITY)
        page.statuses[shared.id] = text
        page.accounts[shared.account_id] = author


def _sift(page: _Page, sieve: Sieve, now: datetime) -> None:
    """Write down which of the remembered statuses are caught by which filters; a boost and its original alike."""
    for status_id, stamp in page.stamps.items():
        original_id = stamp.shared.boost_of_id or status_id
        original = page.statuses.get(original_id)
        if original is None:
            continue
        ids = {status_id, original_id}
        if matches := sieve.matches(ids, _searched(original) if sieve.reads else "", now):
            written = encode(filter_results(matches))
            page.filtered.update(dict.fromkeys(ids, written))


def _searched(text: bytes) -> str:
    words = _decode_words(text + b"}")
    descriptions = (each.description or "" for each in words.media_attachments)
    return searchable(words.spoiler_text, html.to_text(words.content), (), descriptions)


def _texts(ids: Sequence[int], page: _Page) -> list[msgspec.Raw]:
    texts = (_text(each, page) for each in ids)
    return [msgspec.Raw(text) for text in texts if text is not None]


def _text(status_id: int, page: _Page) -> bytes | None:
    """Return a status as JSON; None if it, or what it boosts, was gone before it could be read."""
    if status_id in page.whole:
        return page.whole[status_id]
    stamp, text = page.stamps.get(status_id), page.statuses.get(status_id)
    if stamp is None or text is None:
        return None
    shared, original, boosted = stamp.shared, stamp, b"null"
    if shared.boost_of_id is not None:
        inner = _text(shared.boost_of_id, page)
        if inner is None:
            return None
        original, boosted = page.stamps[shared.boost_of_id], inner
    return _WHOLE % (
        text,
        page.accounts[shared.account_id],
        boosted,
        shared.replies,
        shared.boosts,
        shared.favourites,
        original.shared.quotes,
        _approval(original.shared.quote_automatic, original.shared.quote_manual, original.acts.quotable),
        b"" if page.viewer is None else _acts(stamp, original, page, page.viewer),
    )


@lru_cache(maxsize=1024)
def _approval(automatic: tuple[QuotersWord, ...], manual: tuple[QuotersWord, ...], quotable: MayQuote) -> bytes:
    return encode(QuoteApproval(automatic=automatic, manual=manual, current_user=quotable))


def _acts(stamp: Stamp, original: Stamp, page: _Page, viewer: int) -> bytes:
    """Return what the reader did; a boost tells it of its original."""
    pinned, shared, acts = b"", stamp.shared, original.acts
    if shared.account_id == viewer and shared.boost_of_id is None and shared.visibility != "direct":
        pinned = b',"pinned":%b' % _JSON[stamp.acts.pinned]
    return b',"favourited":%b,"reblogged":%b,"bookmarked":%b,"muted":%b,"filtered":%b%b' % (
        _JSON[acts.favourited],
        _JSON[acts.boosted],
        _JSON[acts.bookmarked],
        _JSON[acts.muted],
        page.filtered.get(shared.id, b"[]"),
        pinned,
    )
