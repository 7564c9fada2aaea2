"""What a request handler may depend on; made once per process by the composition root."""

from collections.abc import Callable

import msgspec
from redis.asyncio import Redis

from fedi.api.fragments import Fragments
from fedi.clock import Clock
from fedi.commands.context import Context
from fedi.commands.copies import Copies
from fedi.commands.strangers import Strangers
from fedi.registry.access import Access
from fedi.registry.pool import Pool
from fedi.services.limiter import Limiter
from fedi.services.translations import Translations
from fedi.settings import Settings
from fedi.site import Site
from fedi.views.author_memory import AuthorMemory
from fedi.views.filters import Sieves
from fedi.views.home import HomeTimelines
from fedi.views.statuses import Status
from fedi.views.written import Written


class Deps(msgspec.Struct, frozen=True, kw_only=True):
    """The parts every endpoint shares."""

    site: Site
    settings: Settings
    pool: Pool
    redis: Redis
    clock: Clock
    access: Access
    authors: AuthorMemory
    written: Written
    commands: Context
    copies: Copies
    homes: HomeTimelines
    fragments: Fragments
    sieves: Sieves
    translations: Translations | None = None
    """Translates posts; None where nobody does."""
    strangers: Strangers | None = None
    """Who asks other servers; None where nobody is to be asked."""
    limiter: Limiter | None = None
    """Counts requests; None where there are no limits."""
    posted: Callable[[Status], None] | None = None
    """Hears of new posts, each as its author is shown it; None where nobody wants to."""
