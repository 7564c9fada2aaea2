"""What the effects and the jobs work with, put together in one place as the composition root does."""

from fedi.activitypub.resolve import Knocker, Means
from fedi.api.deps import Deps as ApiDeps
from fedi.effects.deps import Deps
from fedi.effects.runner import Reached
from fedi.registry.pool import Pool
from fedi.services.http import HttpClient
from fedi.services.jobs import Jobs
from fedi.services.media.pictures import Workshop
from fedi.services.storage import Storage
from fedi.settings import Settings
from fedi.views.borders import Borders
from tests.support.here import Here, Progress, no_more, nothing
from tests.support.keys import rsa_key


async def deps_of(here: Here, *, progress: Reached | None = None, settings: Settings | None = None) -> Deps:
    """Return the parts that act for a server without a web; nobody waits for views unless `progress` says so."""
    return await _deps(
        here.url, here.pool, here.http, here.means, here.storage, progress or Progress(), settings or Settings()
    )


async def deps_beside(server: ApiDeps, http: HttpClient, *, storage: Storage | None = None) -> Deps:
    """Return the parts that act for a server that answers clients; they go out through `http`."""
    url = server.settings.database_url
    assert url is not None
    borders = Borders(server.pool)
    knocker = Knocker(http, borders, key_id=f"{server.site.instance_actor}#main-key", key=rsa_key("instance"))
    means = Means(
        knocker=knocker,
        appender=server.commands.appender,
        pool=server.pool,
        site=server.site,
        borders=borders,
    )
    return await _deps(url, server.pool, http, means, storage or server.commands.storage, Progress(), server.settings)


async def _deps(
    url: str, pool: Pool, http: HttpClient, means: Means, storage: Storage, progress: Reached, settings: Settings
) -> Deps:
    jobs = Jobs(pool)
    await jobs.open()
    return Deps(
        database_url=url,
        pool=pool,
        http=http,
        means=means,
        progress=progress,
        jobs=jobs,
        storage=storage,
        settings=settings,
        workshop=Workshop(),
        publish=nothing,
        take_along=nothing,
        forget=nothing,
        import_some=no_more,
    )
