"""Who writes a post: all that publishing it and showing it afterwards must know of them, in one query.

Those who write at the same moment share it: while one query is under way, the next lot gathers. Nothing is remembered
here (but `author_memory.py`).
"""

import asyncio
from collections.abc import Collection, Iterator
from datetime import datetime
from types import TracebackType
from typing import Self

import msgspec

from fedi.registry.pool import Pool
from fedi.registry.question import Question
from fedi.registry.users import Preferences
from fedi.sql import queries
from fedi.views.accounts import LOAD, AccountRow
from fedi.views.compose import flat
from fedi.views.targets import AccountRef

_Key = tuple[int, int | None]
"""An account and the app that it writes with."""
_SQL = queries(__file__)


class Author(AccountRow, frozen=True, kw_only=True):
    """A local account as it is shown and as it acts, what its login prefers, and the app that it writes with.

    `filters_version` is the position at which its filters last changed; None for who never had any. `user_version` is
    that of the login's row, as of `registry.tokens.Viewer`.
    """

    followers_uri: str
    featured_uri: str
    preferences: Preferences | None
    user_version: int | None
    app_id: int | None
    app_name: str | None
    app_website: str | None
    filters_version: int | None

    @property
    def ref(self) -> AccountRef:
        """The account as commands take it."""
        return AccountRef(**{name: getattr(self, name) for name in AccountRef.__struct_fields__})

    @property
    def application(self) -> tuple[str, str] | None:
        """The name and website of the app; None where there is no app."""
        return None if self.app_name is None else (self.app_name, self.app_website or "")

    def after(self, visibility: str, published: datetime) -> AccountRow:
        """Return the account as it is shown once it has published something more."""
        if visibility == "direct":
            return self
        last = published if self.last_status_at is None else max(self.last_status_at, published)
        return msgspec.structs.replace(self, statuses=self.statuses + 1, last_status_at=last)


class _Asked(msgspec.Struct, frozen=True):
    key: _Key
    answer: asyncio.Future[Author | None]


class Authors:
    """Looks up who writes, by a question of its own, which is planned once (`pool_of_one`), until the block is left."""

    def __init__(self, asking: Pool) -> None:
        self._question = Question(asking, _AUTHORS, ("ids", "app_ids"))
        self._waiting: list[_Asked] = []
        self._reading: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait([self._reading])
        await self._question.close()

    async def author(self, account_id: int, app_id: int | None) -> Author | None:
        """Return who writes with an app as they are now or later, if the views know them."""
        asked = _Asked((account_id, app_id), asyncio.get_running_loop().create_future())
        self._waiting.append(asked)
        if self._reading is None:
            self._reading = asyncio.create_task(self._read())
        return await asked.answer

    async def _read(self) -> None:
        lot: list[_Asked] = []
        try:
            while self._waiting:
                # However many: if the database is away, they are all told so at once, and not some after others.
                lot, self._waiting = self._waiting, []
                await self._answer(lot)
        except asyncio.CancelledError:
            for asked in (*lot, *self._waiting):
                asked.answer.cancel()
            raise
        finally:
            self._reading = None

    async def _answer(self, lot: Collection[_Asked]) -> None:
        wanted = {asked.key for asked in lot}
        try:
            found = await self._found([account_id for account_id, _ in wanted], [app_id for _, app_id in wanted])
        except Exception as error:  # whatever it is, it is told to those who asked
            for asked in _waiting(lot):
                asked.answer.set_exception(error)
        else:
            for asked in _waiting(lot):
                asked.answer.set_result(found.get(asked.key))

    async def _found(self, ids: list[int], app_ids: list[int | None]) -> dict[_Key, Author]:
        found = await self._question.ask([_array(ids), _array(app_ids)])
        return {(author.id, author.app_id): author for author in _decode(found)}


def _waiting(lot: Collection[_Asked]) -> Iterator[_Asked]:
    """Yield those who were not cancelled meanwhile."""
    return (asked for asked in lot if not asked.answer.done())


def _array(values: list[int] | list[int | None]) -> bytes:
    return f"{{{','.join('NULL' if value is None else str(value) for value in values)}}}".encode()


_decode = msgspec.json.Decoder(list[Author]).decode
_AUTHORS = flat(_SQL["authors"].format(load=LOAD))
