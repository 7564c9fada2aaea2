"""What the pages may depend on; made once per process by the composition root."""

from typing import Any

import msgspec
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from redis.asyncio import Redis

from fedi.clock import Clock
from fedi.commands.context import Context
from fedi.commands.strangers import Strangers
from fedi.services.limiter import Limiter
from fedi.settings import Settings
from fedi.site import Site
from fedi.views.written import Written


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """The parts every page shares."""

    site: Site
    settings: Settings
    pool: AsyncConnectionPool[AsyncConnection[Any]]
    redis: Redis
    clock: Clock
    commands: Context
    written: Written
    strangers: Strangers | None = None
    """Who asks other servers; None where nobody is to be asked."""
    limiter: Limiter | None = None
    """Counts requests; None where there are no limits."""
