"""What the effects and the jobs work with."""

from collections.abc import Awaitable, Callable, Sequence

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from fedi.activitypub.resolve import Means
from fedi.effects.runner import Reached
from fedi.services.http import HttpClient
from fedi.services.jobs import Jobs
from fedi.services.media.pictures import Workshop
from fedi.services.storage import Storage
from fedi.settings import Settings


class Deps(msgspec.Struct, frozen=True, kw_only=True):
    """What the role needs. `database_url` must reach the database directly; `pool` wants four connections or more."""

    database_url: str
    pool: AsyncConnectionPool[AsyncConnection[TupleRow]]
    http: HttpClient
    means: Means
    progress: Reached
    jobs: Jobs
    storage: Storage
    settings: Settings
    workshop: Workshop
    publish: Callable[[int], Awaitable[object]]
    """Publishes a planned post."""
    take_along: Callable[[int, str], Awaitable[object]]
    """Lets people here follow an account at the URI to which it moved."""
    forget: Callable[[Sequence[int]], Awaitable[object]]
    """Lets caches forget what they hold of posts that are gone."""
    import_some: Callable[[int], Awaitable[bool]]
    """Carries out some lines of an import; tells whether there are more."""
