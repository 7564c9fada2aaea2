"""Bodies and keys of what is about to be sent: the bytes of the activity as the log has them, and who signs.

With `linking`, what is public carries its author's Linked Data Signature too.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Collection, Iterable
from typing import TypeVar

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from fedi.activitypub.signatures import PrivateKey, load_private_key
from fedi.activitypub.vocabulary import addresses
from fedi.activitypub.vocabulary.stubs import is_stub
from fedi.effects.lane import Delivery
from fedi.effects.linking import Linking
from fedi.effects.log_connection import LogConnection
from fedi.effects.sending import Parcel
from fedi.effects.synchronizing import Posted, is_for_followers
from fedi.events.activities import ActivityPublished
from fedi.log import reader
from fedi.registry import keys

BODIES_KEPT = 512
KEYS_KEPT = 1024

K = TypeVar("K")
V = TypeVar("V")


class Parcels:
    """Makes parcels; bodies and parsed keys are kept for a while, for one post goes to many hosts."""

    def __init__(
        self, database_url: str, pool: AsyncConnectionPool[AsyncConnection[TupleRow]], linking: Linking | None = None
    ) -> None:
        self._log = LogConnection(database_url)
        self._pool = pool
        self._linking = linking
        self._bodies: OrderedDict[int, bytes] = OrderedDict()
        self._parsed: OrderedDict[str, PrivateKey] = OrderedDict()

    async def of(self, deliveries: Collection[Delivery]) -> dict[int, Parcel]:
        """Return the parcels of deliveries, by position.

        One is missing where nobody can sign for it, or its words left the log after its turn had begun.
        """
        bodies = await self._bodies_of({each.position for each in deliveries})
        signing = await self._keys_of({each.account_id for each in deliveries})
        found: dict[int, Parcel] = {}
        for each in deliveries:
            if each.position in found or each.position not in bodies or each.account_id not in signing:
                continue
            body = bodies[each.position]
            document = msgspec.json.decode(body)
            if is_stub(document):
                continue
            actor = document["actor"]
            key_id, key = addresses.key(actor), signing[each.account_id]
            post = Posted(position=each.position, account_id=each.account_id, actor=actor)
            if self._linking is not None:
                body = await self._linking.body(each.position, body, key_id, key)
            found[each.position] = Parcel(
                body=body,
                key_id=key_id,
                key=key,
                post=post if is_for_followers(document) else None,
            )
        return found

    def close(self) -> None:
        """Let go of the connection to the log."""
        self._log.close()

    async def _bodies_of(self, positions: set[int]) -> dict[int, bytes]:
        missing = [position for position in positions if position not in self._bodies]
        if missing:
            read = await asyncio.to_thread(self._read, missing)
            self._bodies.update(read)
        found = {position: self._bodies[position] for position in positions if position in self._bodies}
        _shorten(self._bodies, found, BODIES_KEPT)
        return found

    def _read(self, positions: list[int]) -> dict[int, bytes]:
        read = self._log.use(lambda connection: reader.get(connection, sorted(positions)))
        return {each.position: bytes(each.event.document) for each in read if isinstance(each.event, ActivityPublished)}

    async def _keys_of(self, account_ids: set[int]) -> dict[int, PrivateKey]:
        """Return signing keys; asked for each time, so that a new one is used at once, but parsed only once."""
        async with self._pool.connection() as connection:
            stored = await keys.of_accounts(connection, account_ids)
        found: dict[int, PrivateKey] = {}
        for key in stored:
            if key.kind == "rsa":
                if key.private_pem not in self._parsed:
                    self._parsed[key.private_pem] = load_private_key(key.private_pem)
                found[key.account_id] = self._parsed[key.private_pem]
        _shorten(self._parsed, (key.private_pem for key in stored), KEYS_KEPT)
        return found


def _shorten(kept: OrderedDict[K, V], used: Iterable[K], limit: int) -> None:
    """Drop what was not used for longest."""
    for key in used:
        if key in kept:
            kept.move_to_end(key)
    while len(kept) > limit:
        kept.popitem(last=False)
