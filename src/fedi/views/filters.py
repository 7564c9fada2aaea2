"""People's filters: as they are listed, and kept compiled for as long as they do not change."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

import msgspec

from fedi.registry.rows import Connection, numbers, several
from fedi.sql import queries
from fedi.views.filtering import Filter, FilterKeyword, FilterStatus, Match, Sieve, haystack
from fedi.views.searching import Haystack
from fedi.views.statuses import Status

_SQL = queries(__file__)
CAPACITY = 2_000
"""People whose filters a process keeps."""
NONE = Sieve(())
_NOTHING = Haystack("")
T = TypeVar("T", FilterKeyword, FilterStatus)


async def of_account(connection: Connection, account_id: int) -> list[Filter]:
    """Return all filters of somebody, the oldest first."""
    return (await of_accounts(connection, [account_id]))[account_id]


async def one(connection: Connection, filter_id: int, account_id: int) -> Filter | None:
    """Return one of somebody's filters."""
    return next((each for each in await of_account(connection, account_id) if each.id == filter_id), None)


async def of_accounts(connection: Connection, ids: Collection[int]) -> dict[int, list[Filter]]:
    """Return the filters of some people, whoever has none among them, in three queries."""
    found: dict[int, list[Filter]] = {each: [] for each in ids}
    filters = await several(connection, _SQL["filters"], {"accounts": list(ids)}, Filter)
    if not filters:
        return found
    asked = {"filters": [each.id for each in filters]}
    keywords = _by_filter(await several(connection, _SQL["keywords"], asked, FilterKeyword))
    statuses = _by_filter(await several(connection, _SQL["statuses"], asked, FilterStatus))
    for each in filters:
        parts = {"keywords": tuple(keywords.get(each.id, ())), "statuses": tuple(statuses.get(each.id, ()))}
        found[each.account_id].append(msgspec.structs.replace(each, **parts))
    return found


async def version(connection: Connection, account_id: int) -> int | None:
    """Return the position at which somebody's filters last changed; None for who never had any."""
    return next(iter(await numbers(connection, _SQL["version"], {"account": account_id})), None)


class Sieves:
    """The compiled filters of those who read in this process."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, tuple[int, Sieve]] = OrderedDict()

    def known(self, account_id: int | None, version: int | None) -> Sieve | None:
        """Return what `of` would, if the database need not be asked, else None."""
        if account_id is None or version is None:
            return NONE
        kept = self._kept.get(account_id)
        if kept is None or kept[0] != version:
            return None
        self._kept.move_to_end(account_id)
        return kept[1]

    async def of(self, connection: Connection, account_id: int | None, version: int | None) -> Sieve:
        """Return somebody's filters as they are since position `version` (None: there never were any)."""
        sieve = self.known(account_id, version)
        if sieve is None and account_id is not None and version is not None:
            sieve = Sieve(await of_account(connection, account_id))
            self._kept[account_id] = (version, sieve)
            if len(self._kept) > CAPACITY:
                self._kept.popitem(last=False)
        return sieve or NONE


async def mark(connection: Connection, sieves: Sieves, found: Sequence[Status], now: datetime) -> list[Status]:
    """Return statuses with the filters of their viewer that each is caught by."""
    if not found:
        return []
    sieve = await sieves.of(connection, found[0].viewer, found[0].row.filters_version)
    return [sifted(each, sieve, now) for each in found] if sieve else list(found)


def sifted(found: Status, sieve: Sieve, now: datetime) -> Status:
    """Return a status with the filters it is caught by; a boost and its original are caught alike."""
    matches = _matches(found, sieve, now, read)
    if found.quote is not None and found.quote.status is not None:
        quoted = msgspec.structs.replace(found.quote, status=sifted(found.quote.status, sieve, now))
        found = msgspec.structs.replace(found, quote=quoted)
    if found.boost_of is not None and found.boost_of.quote is not None:
        found = msgspec.structs.replace(found, boost_of=sifted(found.boost_of, sieve, now))
    if not matches:
        return found
    inner = None if found.boost_of is None else msgspec.structs.replace(found.boost_of, filtered=matches)
    return msgspec.structs.replace(found, filtered=matches, boost_of=inner)


def is_caught(found: Status, sieve: Sieve, now: datetime, read: Callable[[Status], Haystack]) -> bool:
    """Tell whether somebody's filters catch a status, or what it quotes. `read` gives what is looked through: to many
    people's filters the same."""
    if _matches(found, sieve, now, read):
        return True
    quotes = [each.quote for each in (found, found.boost_of) if each is not None and each.quote is not None]
    return any(quote.status is not None and is_caught(quote.status, sieve, now, read) for quote in quotes)


def read(found: Status) -> Haystack:
    """Return what the words of filters are looked for in."""
    return haystack(found.searchable)


def _matches(found: Status, sieve: Sieve, now: datetime, read: Callable[[Status], Haystack]) -> tuple[Match, ...]:
    ids = [found.row.id] if found.boost_of is None else [found.row.id, found.boost_of.row.id]
    return sieve.matches_in(ids, read(found) if sieve.reads else _NOTHING, now)


async def sieves(connection: Connection, ids: Collection[int]) -> Mapping[int, Sieve]:
    """Return the filters of some people, ready to be used."""
    return {account: Sieve(found) if found else NONE for account, found in (await of_accounts(connection, ids)).items()}


def _by_filter(parts: Iterable[T]) -> dict[int, list[T]]:
    found: dict[int, list[T]] = {}
    for part in parts:
        found.setdefault(part.filter_id, []).append(part)
    return found
