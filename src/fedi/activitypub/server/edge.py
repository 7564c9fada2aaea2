"""What the edge works with; made once per process by the composition root."""

from typing import Any

import msgspec
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from fedi.activitypub.resolve import Means
from fedi.activitypub.server.compared import Compared
from fedi.activitypub.server.junk import MOST_ENDS, Junk
from fedi.activitypub.server.signers import ResolvedKeys, Signers
from fedi.activitypub.server.tally import Tally
from fedi.clock import Clock
from fedi.log.appender import Appender
from fedi.services.jobs import Jobs
from fedi.settings import Settings
from fedi.settings.kinds import Networks
from fedi.site import Site
from fedi.views.actor_memory import ActorMemory
from fedi.views.borders import Borders
from fedi.views.progress import Progress


class Edge(msgspec.Struct, frozen=True, kw_only=True):
    """The parts that what is served to other servers depends on. `tally` counts what came of POSTs to inboxes,
    `junk` whose were refused, `ends` who told of the ends of strangers.

    In `secure_mode` documents are only for those who sign for them. `names` are local usernames that were met: they are
    never given away again, so nobody has to ask twice.
    """

    site: Site
    pool: AsyncConnectionPool[AsyncConnection[Any]]
    appender: Appender
    signers: Signers
    borders: Borders
    actors: ActorMemory
    clock: Clock
    jobs: Jobs
    open_registrations: bool
    secure_mode: bool = False
    synchronizes_followers: bool = True
    trusted_proxies: Networks = ()
    compared: Compared = msgspec.field(default_factory=Compared)
    tally: Tally = msgspec.field(default_factory=Tally)
    junk: Junk = msgspec.field(default_factory=Junk)
    ends: Junk = msgspec.field(default_factory=lambda: Junk(MOST_ENDS))
    names: set[str] = msgspec.field(default_factory=set)


def open_edge(means: Means, settings: Settings, jobs: Jobs, progress: Progress) -> Edge:
    """Return the edge of this process, which asks others for their keys by `means`."""
    return Edge(
        site=means.site,
        pool=means.pool,
        appender=means.appender,
        signers=Signers(ResolvedKeys(means)),
        borders=means.borders,
        actors=ActorMemory(means.pool, progress),
        clock=means.clock,
        jobs=jobs,
        open_registrations=settings.registrations == "open",
        secure_mode=settings.secure_mode,
        synchronizes_followers=not settings.disable_followers_synchronization,
        trusted_proxies=settings.trusted_proxy_ip,
    )
