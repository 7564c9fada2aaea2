"""What learning about strangers needs: one bundle per process, made where the program is put together."""

from typing import Any

import msgspec
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from fedi.activitypub.resolve.knocking import Knocker
from fedi.activitypub.resolve.quotas import HostQuota, Once
from fedi.clock import Clock, now
from fedi.log.appender import Appender
from fedi.log.drafts import Draft
from fedi.site import Site


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
    """`knocker` asks others in the instance actor's name, `appender` keeps what was learnt, `pool` reads the views."""

    knocker: Knocker
    appender: Appender
    pool: AsyncConnectionPool[AsyncConnection[Any]]
    site: Site
    clock: Clock = now
    hosts: HostQuota = msgspec.field(default_factory=HostQuota)
    keys: Once[SigningKey] = msgspec.field(default_factory=Once)
