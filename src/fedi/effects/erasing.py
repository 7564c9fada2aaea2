"""Takes the words of what is gone out of the log, and what else is kept of it out of everywhere.

The views have forgotten by then: an erasure is noted only after they folded the deletion, and nothing is touched beyond
the position that every effect has reached, so nobody is shown a stub who has yet to read the original. A rebuild may go
on meanwhile: it folds stubs into the same views.
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from psycopg import AsyncConnection, Connection
from psycopg.rows import TupleRow, class_row
from psycopg_pool import AsyncConnectionPool

from fedi.activitypub.vocabulary.stubs import Gone
from fedi.effects import erasure_list, leftovers
from fedi.effects.drop_copies import drop_copies
from fedi.effects.erase import Noted
from fedi.effects.log_connection import LogConnection
from fedi.errors import Unavailable
from fedi.events import Recorded
from fedi.log import reader, redaction
from fedi.log.redaction import CHUNK, Demand
from fedi.meaning import erasure
from fedi.meaning.erasure import Erased, account_key
from fedi.meaning.names import Key, key_of
from fedi.services.storage import Storage
from fedi.sql import OTHER_VIEWS, is_outage, queries

_SQL = queries(__file__)
AT_ONCE = 200
"""Erasures that are done together: what they find in the log is looked at once."""
IDLE_SECONDS = 30.0
TOGETHER_SECONDS = 1.0
"""What is noted within this time is erased together: where much is said, a round for each batch would never end."""
TELLING_SECONDS = 60.0
"""Between two lines about it."""
LAGGING_SECONDS = 0.5
VACUUM_SECONDS = 600.0
"""Between two times that the table is freed of what was overwritten; it is read from end to end each time."""
KEPT_DAYS = 90
"""How long what was erased is remembered here; the list in the file knows it for ever."""
_log = logging.getLogger(__name__)

Forget = Callable[[Sequence[int]], Awaitable[object]]


class Due(Noted, frozen=True, kw_only=True):
    """A row of the queue, whose words are gone up to the position `through`.

    `back`: it was found gone, and there again since, so its words are no longer to go.
    """

    through: int
    back: bool


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What is to go because of some rows of the queue, our ids of it, and where the log is to be looked at."""

    erased: Erased
    posts: Sequence[int]
    accounts: Sequence[int]
    positions: Sequence[int]


class Erasing:
    """The worker of `erase`. `run` until cancelled; `wake` when something was noted.

    `list_file` is where what was erased is written down, for a log that is restored from a backup; `forget` lets go of
    what caches hold of posts.
    """

    def __init__(
        self,
        *,
        database_url: str,
        pool: AsyncConnectionPool[AsyncConnection[TupleRow]],
        storage: Storage,
        list_file: Path,
        forget: Forget,
    ) -> None:
        self._pool = pool
        self._storage = storage
        self._list_file = list_file
        self._forget = forget
        self._database_url = database_url
        self._connection = LogConnection(database_url)
        self._noted = asyncio.Event()
        self._limit = AT_ONCE
        self._failed: set[Key] = set()
        self._dirty = True
        self._vacuumed = time.monotonic()
        self._told = float("-inf")
        self._payloads = self._things = 0

    def wake(self) -> None:
        """Look for work at once."""
        self._noted.set()

    async def run(self) -> None:
        """Erase until cancelled."""
        try:
            while True:
                self._noted.clear()
                wait = await self._try()
                try:
                    async with asyncio.timeout(wait):
                        await self._noted.wait()
                    await asyncio.sleep(TOGETHER_SECONDS)
                except TimeoutError:
                    continue
        finally:
            self.close()

    async def catch_up(self) -> bool:
        """Do what is to be done; False when something lags behind, so that it cannot be done yet."""
        while (done := await self.step()) is not None:
            if not done:
                return False
        await self._write_down()
        return True

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    async def _try(self) -> float:
        """Do what is to be done; return after how many seconds to look again."""
        try:
            caught_up = await self.catch_up()
            self._tell()
            if not caught_up:
                return LAGGING_SECONDS
            if self._dirty and time.monotonic() - self._vacuumed > VACUUM_SECONDS:
                await self.vacuum()
        except (psycopg.OperationalError, *OTHER_VIEWS, Unavailable) as error:
            _log.warning("erasures wait: %s", error)
            return 1.0
        return IDLE_SECONDS

    async def step(self) -> int | None:
        """Do some erasures; return how many are done now, or None when there were none to do."""
        async with self._pool.connection() as connection:
            bound = await _reached(connection)
            due = await _due(connection, self._failed, self._limit)
            if not due:
                return None
            found = await find(connection, due, bound)
        try:
            changed = await self._erase(due, found)
        except Exception as error:
            if is_outage(error) or isinstance(error, (Unavailable, *OTHER_VIEWS)):
                raise
            return self._stumble(due, error)
        self._limit = AT_ONCE
        async with self._pool.connection() as connection, connection.transaction():
            await leftovers.forget(connection, posts=found.posts, accounts=found.accounts, positions=changed)
            done = await _done(connection, due, changed, bound)
        if found.posts:
            await self._forget(found.posts)
        if changed:
            self._dirty = True
            self._payloads += len(changed)
            self._things += len(due)
        return done

    def _tell(self) -> None:
        """Say what was erased since it was last said, unless that was just now."""
        if self._payloads and time.monotonic() - self._told > TELLING_SECONDS:
            _log.info("erased %d payloads of %d posts and accounts that are gone", self._payloads, self._things)
            self._payloads = self._things = 0
            self._told = time.monotonic()

    def _stumble(self, due: Sequence[Due], error: Exception) -> int:
        """Our own fault: find what cannot be erased, and go on without it until this process is another one."""
        if len(due) == 1:
            _log.error("the words of %s cannot be erased", due[0].uri, exc_info=error)
            self._failed.add(due[0].key)
        self._limit = 1
        return len(due)

    async def vacuum(self) -> None:
        """Free the space of what was overwritten."""
        async with await AsyncConnection.connect(self._database_url, autocommit=True) as connection:
            await connection.execute(redaction.VACUUM)
        self._dirty, self._vacuumed = False, time.monotonic()

    async def _erase(self, due: Sequence[Due], found: Found) -> Sequence[int]:
        """Overwrite the payloads at what was found, copies of files first: afterwards nobody knows of them."""
        demand = due[0].demand
        changed: list[int] = []
        for start in range(0, len(found.positions), CHUNK):
            positions = found.positions[start : start + CHUNK]
            held = await asyncio.to_thread(self._connection.use, lambda conn, at=positions: reader.get(conn, at))
            await self._withdraw(held, found.erased)
            await self._delete_copies(held, found.erased)
            changed += await asyncio.to_thread(self._connection.use, _overwriting(positions, found.erased, demand))
        return changed

    async def _withdraw(self, held: Iterable[Recorded], erased: Erased) -> None:
        """Let nothing be delivered of what is about to be overwritten: a stub is not what was said."""
        going = [each.position for each in held if erasure.stub(each, erased) != each.event]
        async with self._pool.connection() as connection:
            await connection.execute(_SQL["withdraw"], {"positions": going})

    async def _delete_copies(self, held: Iterable[Recorded], erased: Erased) -> None:
        urls = {url for recorded in held for url in erasure.files_in(recorded, erased)}
        await drop_copies(self._pool, self._storage, urls)

    async def _write_down(self) -> None:
        """Write what was erased into the list that is kept outside the database."""
        async with self._pool.connection() as connection:
            while lines := await _unlisted(connection):
                try:
                    await asyncio.to_thread(erasure_list.add, self._list_file, lines)
                except OSError as error:
                    _log.error("what was erased cannot be written down in %s: %s", self._list_file, error)
                    return
                await connection.execute(_SQL["listed"], {"keys": [line.key for line in lines]})
            await connection.execute(_SQL["prune"], {"days": KEPT_DAYS})


def _overwriting(
    positions: Sequence[int], erased: Erased, demand: Demand
) -> Callable[[Connection[Any]], Sequence[int]]:
    def overwrite(connection: Connection[Any]) -> Sequence[int]:
        return redaction.redact(connection, positions, lambda recorded: erasure.stub(recorded, erased), demand)

    return overwrite


async def find(connection: AsyncConnection[TupleRow], due: Sequence[Due], bound: int) -> Found:
    """Return what is to go, and at which positions up to `bound` the log has words of it."""
    due = [each for each in due if not each.back]
    accounts = [each for each in due if each.what == "account"]
    posts: dict[int, str] = {each.object_id: each.uri for each in due if each.what == "post" and each.object_id}
    account_ids = [each.object_id for each in accounts if each.object_id is not None]
    keys: dict[Key, tuple[int, int]] = {key: (each.through, _until(each, bound)) for each in due for key in _keys(each)}
    if accounts:
        theirs = {"authors": account_ids, "throughs": [each.through for each in accounts]}
        for key, uri, number, through in await (await connection.execute(_SQL["posts_of"], theirs)).fetchall():
            posts[number] = uri
            keys[key] = (through, bound)
    throughs, untils = [through for through, _ in keys.values()], [until for _, until in keys.values()]
    where = {"keys": list(keys), "throughs": throughs, "untils": untils}
    positions = [row[0] for row in await (await connection.execute(_SQL["positions"], where)).fetchall()]
    unseen = {each.uri: each.actor for each in due if each.what == "unseen"}
    people = {each.uri for each in accounts} | {uri for uri, author in unseen.items() if uri == author}
    return Found(
        erased=Erased(
            gone=Gone(
                posts=unseen | dict.fromkeys(posts.values(), ""),
                actors=frozenset(people),
            ),
            accounts=frozenset(account_ids),
            plans=frozenset(each.object_id for each in due if each.what == "plan" and each.object_id),
            pages=frozenset(each.key for each in due if each.what == "page"),
        ),
        posts=list(posts),
        accounts=account_ids,
        positions=positions,
    )


def _keys(due: Due) -> Iterable[Key]:
    """Return under which keys words of something are found."""
    if due.what in ("plan", "page"):
        return (due.key,)
    if due.what == "account" and due.object_id is not None:
        return (key_of(due.uri), account_key(due.object_id))
    return (key_of(due.uri),)


def _until(due: Due, bound: int) -> int:
    """Return up to where words of something are to go: of plans and pages those before it, else whatever comes."""
    return min(due.position, bound) if due.what in ("plan", "page") else bound


async def _reached(connection: AsyncConnection[TupleRow]) -> int:
    """Return the position that the views and every effect have reached."""
    row = await (await connection.execute(_SQL["reached"])).fetchone()
    assert row is not None
    position: int = row[0]
    return position


async def _due(connection: AsyncConnection[TupleRow], failed: Collection[Key], limit: int) -> list[Due]:
    """Return what is to be done next, all of it on the same demand."""
    async with connection.cursor(row_factory=class_row(Due)) as cursor:
        rows = await (await cursor.execute(_SQL["due"], {"failed": list(failed), "limit": limit})).fetchall()
    of: defaultdict[Demand, list[Due]] = defaultdict(list)
    for row in rows:
        of[row.demand].append(row)
    return next(iter(of.values()), [])


async def _done(connection: AsyncConnection[TupleRow], due: Sequence[Due], changed: Sequence[int], bound: int) -> int:
    """Note how far things are done; count those that are done for now, as all that was said of them was in reach."""
    arguments = {"keys": [each.key for each in due], "positions": [each.position for each in due], "bound": bound}
    await connection.execute(_SQL["count"], {"key": due[0].key, "payloads": len(changed)})
    return (await connection.execute(_SQL["done"], arguments)).rowcount


async def _unlisted(connection: AsyncConnection[TupleRow]) -> list[erasure_list.Line]:
    async with connection.cursor(row_factory=class_row(erasure_list.Line)) as cursor:
        return await (await cursor.execute(_SQL["unlisted"])).fetchall()
