"""Appends the generated world to the log of a server that nobody uses yet, and lets the views be folded from it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg import Connection

from fedi.bench import blocks, talk
from fedi.bench.blocks import World
from fedi.commands.accounts import new_key_pair
from fedi.errors import ClientError
from fedi.log import reader
from fedi.log.drafts import Draft
from fedi.log.insert import append_now
from fedi.projections import generation
from fedi.site import Site
from fedi.sql import queries

_SQL = queries(__file__)
Report = Callable[[int, int], None]
"""Hears how many blocks are there, and how many there are to be."""


class Sizes(msgspec.Struct, frozen=True, kw_only=True):
    """How much of everything there is, or is to be; statuses are posts and boosts."""

    accounts: int
    statuses: int
    follows: int


class _Part(msgspec.Struct, frozen=True):
    """One kind of block: how much it holds, how it is made, and the identity that tells that it is there."""

    size: int
    make: Callable[[World, int], list[Draft]]
    first: Callable[[World, int], UUID]

    def there(self, connection: Connection[Any], world: World) -> int:
        """Return how many blocks the log holds: they were appended in their order."""
        least, most = 0, 1
        while _holds(connection, self.first(world, most - 1)):
            least, most = most, most * 2
        while least + 1 < most:
            middle = (least + most) // 2
            least, most = (middle, most) if _holds(connection, self.first(world, middle - 1)) else (least, middle)
        return least

    def wanted(self, number: int) -> int:
        """Return how many blocks hold so much."""
        return -(-number // self.size)


_ACCOUNTS = _Part(blocks.ACCOUNTS, blocks.accounts, blocks.first_account)
_FOLLOWS = _Part(blocks.FOLLOWS, blocks.follows, blocks.first_follow)
_STATUSES = _Part(talk.STATUSES, talk.statuses, talk.first_status)


def load(database_url: str, site: Site, seed: int, wanted: Sizes, report: Report) -> Sizes:
    """Let the world of a seed grow to a size, in whole blocks; return what is there then.

    The views are not folded. Everything of a block is appended in one transaction: a load that was interrupted is taken
    up where it ended.

    Raises:
        ClientError: the server runs, it holds something else, or effects have yet to see what it holds.
    """
    with psycopg.connect(database_url, autocommit=True) as connection:
        if not generation.take(connection, "leader"):
            raise ClientError("the server runs: stop it before you load a world")
        world = World(site=site, seed=seed, accounts=0, public_pem="")
        there = [part.there(connection, world) for part in (_ACCOUNTS, _FOLLOWS, _STATUSES)]
        _check(connection, grown=there[0] > 0)
        private_pem, public_pem = _pair(connection, world)
        sizes = (wanted.accounts, wanted.follows, wanted.statuses)
        goals = [
            max(have, part.wanted(size))
            for have, part, size in zip(there, (_ACCOUNTS, _FOLLOWS, _STATUSES), sizes, strict=True)
        ]
        world = msgspec.structs.replace(world, accounts=max(1, goals[0]) * blocks.ACCOUNTS, public_pem=public_pem)
        for place, part in enumerate((_ACCOUNTS, _FOLLOWS, _STATUSES)):
            for block in range(there[place], goals[place]):
                with connection.transaction():
                    if part is _ACCOUNTS:
                        _settle(connection, world, block, private_pem)
                    _append(connection, part.make(world, block))
                there[place] += 1
                report(sum(there), sum(goals))
        connection.execute("ANALYZE log.events")
    return Sizes(
        accounts=there[0] * blocks.ACCOUNTS, follows=there[1] * blocks.FOLLOWS, statuses=there[2] * talk.STATUSES
    )


def _holds(connection: Connection[Any], identity: UUID) -> bool:
    row = connection.execute(_SQL["holds"], {"identity": identity}).fetchone()
    return bool(row and row[0])


def _check(connection: Connection[Any], *, grown: bool) -> None:
    if not grown and (found := connection.execute(_SQL["strangers"]).fetchone()):
        raise ClientError(f"this server is not empty (its log holds {found[0]}): a world is loaded into an empty one")
    row = connection.execute(_SQL["behind"], {"last": reader.last_position(connection)}).fetchone()
    if grown and row and row[0]:
        raise ClientError("what was said here has not had all its effects: let the server run for a moment")


def _pair(connection: Connection[Any], world: World) -> tuple[str, str]:
    found = connection.execute(_SQL["keys"], {"id": world.person(0).account_id}).fetchone()
    return (found[0], found[1]) if found else new_key_pair()


def _settle(connection: Connection[Any], world: World, block: int, private_pem: str) -> None:
    numbers = range(block * blocks.ACCOUNTS, (block + 1) * blocks.ACCOUNTS)
    people = [person for person in map(world.person, numbers) if person.local]
    given = {"ids": [each.account_id for each in people], "names": [each.name for each in people]}
    connection.execute(_SQL["settle"], {**given, "private_pem": private_pem, "public_pem": world.public_pem})


def _append(connection: Connection[Any], drafts: list[Draft]) -> None:
    last = append_now(connection, drafts).positions[-1]
    connection.execute(_SQL["skip"], {"last": last})
