"""What learning about strangers needs: one bundle per process, made where the program is put together."""

import functools
from typing import Any

import msgspec
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from fedi.activitypub.resolve.fetched import Fetched
from fedi.activitypub.resolve.knocking import Knocker
from fedi.activitypub.resolve.quotas import HostQuota, Once
from fedi.activitypub.signatures import load_private_key
from fedi.activitypub.vocabulary import addresses
from fedi.clock import Clock, now
from fedi.log.appender import Appender
from fedi.log.drafts import Draft
from fedi.registry import key_pairs
from fedi.services.http import HttpClient
from fedi.site import Site
from fedi.views.borders import Borders

POSTS = 32
"""Documents that a process remembers: the queue and whoever walks through a thread want the same within seconds."""


class SigningKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key and the actor it belongs to, both ways. `pem` is its public half.

    `drafts` are the documents that were fetched to learn it, to be appended once the signature holds, and not before;
    empty for a key that was known.
    """

    key_id: str
    actor: str
    pem: str
    drafts: tuple[Draft, ...] = ()


class Means(msgspec.Struct, frozen=True, kw_only=True):
    """`knocker` asks others in the instance actor's name, `appender` keeps what was learnt, `pool` reads the views,
    `borders` tells with whom this server speaks. `posts` are what was asked for lately, by id."""

    knocker: Knocker
    appender: Appender
    pool: AsyncConnectionPool[AsyncConnection[Any]]
    site: Site
    borders: Borders
    clock: Clock = now
    hosts: HostQuota = msgspec.field(default_factory=HostQuota)
    keys: Once[SigningKey] = msgspec.field(default_factory=Once)
    posts: Once[Fetched] = msgspec.field(default_factory=functools.partial(Once, remembered=POSTS))


async def open_means(
    *,
    site: Site,
    pool: AsyncConnectionPool[AsyncConnection[Any]],
    appender: Appender,
    http: HttpClient,
    limited_federation: bool = False,
) -> Means:
    """Return the bundle of a process; the instance actor's key is read, or made if it has none yet."""
    async with pool.connection() as connection:
        key = await key_pairs.of_instance(connection)
    borders = Borders(pool, own=frozenset({site.domain, site.web_domain}), limited_federation=limited_federation)
    knocker = Knocker(http, borders, key_id=addresses.key(site.instance_actor), key=load_private_key(key.private_pem))
    return Means(knocker=knocker, appender=appender, pool=pool, site=site, borders=borders)
